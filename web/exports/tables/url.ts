const lower = (value: string): string => value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

interface Split {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: string;
  readonly path: string;
}

// RFC 3986 §3.2, for http and https; as UrlText.cs.
function split(url: string): Split | undefined {
  const scheme = /^https?:\/\//i.exec(url)?.[0];
  if (scheme === undefined || url.length === scheme.length) return undefined;
  const rest = url.slice(scheme.length);
  const end = rest.search(/[/?#\\]/);
  let authority = end < 0 ? rest : rest.slice(0, end);
  const path = (end < 0 ? "" : rest.slice(end)).replace(/[?#][^]*$/, "");
  authority = authority.slice(authority.lastIndexOf("@") + 1);
  let port = "";
  const colon = authority.lastIndexOf(":");
  if (colon >= 0 && colon > authority.lastIndexOf("]")) {
    port = authority.slice(colon + 1);
    authority = authority.slice(0, colon);
  }
  const host = authority.replace(/\.+$/, "");
  const isHost = host.length > 0 && new TextEncoder().encode(host).length <= 255 && /^[0-9]*$/.test(port);
  return isHost ? { isSecure: scheme.length === 8, host, port, path } : undefined;
}

/** Scheme and host in lower case, the path; without credentials, the scheme's own port, query and fragment. */
export function cleanUrl(value: string): string | undefined {
  const parts = split(value);
  if (parts === undefined || /[\0-\x20]/.test(value)) return undefined;
  const usual = parts.isSecure ? "443" : "80";
  const port = parts.port === "" || parts.port === usual ? "" : `:${parts.port}`;
  return `${parts.isSecure ? "https" : "http"}://${lower(parts.host)}${port}${parts.path === "" ? "/" : parts.path}`;
}

/** The host without a leading `www.`, in its own case. */
export function hostOf(value: string): string | undefined {
  const host = split(value)?.host;
  return host !== undefined && host.length > 4 && /^www\./i.test(host) ? host.slice(4) : host;
}

const localEndings =
  [".local", ".localhost", ".internal", ".lan", ".home", ".home.arpa", ".test", ".invalid", ".onion", ".corp", ".intranet", ".private"];

/** True for a URL, or a host, that only one's own machine or network reaches. */
export function isLocal(value: string): boolean {
  if (value.startsWith("file:")) return true;
  const host = split(value)?.host ?? value;
  if (host.length === 0 || new TextEncoder().encode(host).length > 255) return false;
  const name = (/^\[[^]*\]$/.test(host) ? host.slice(1, -1) : host).toLowerCase();
  const four = ipv4Of(name);
  if (four !== undefined) return isLocalIpv4(four);
  const six = ipv6Of(name);
  if (six !== undefined) return isLocalIpv6(six);
  // A name without a dot is found on one's own network only.
  return !name.includes(".") || localEndings.some((ending) => name.endsWith(ending));
}

function isLocalIpv4(address: number): boolean {
  const [first, second] = [address >>> 24, (address >>> 16) & 0xff];
  return first === 0 || first === 10 || first === 127 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168)
    || (first === 169 && second === 254) || (first === 100 && second >= 64 && second < 128);
}

function isLocalIpv6(groups: readonly number[]): boolean {
  const zeros = (count: number): boolean => groups.slice(0, count).every((group) => group === 0);
  if (zeros(5) && groups[5] === 0xffff) return isLocalIpv4(((groups[6]! << 16) | groups[7]!) >>> 0);
  const first = groups[0]!;
  // Loopback; link-local, site-local, unique local.
  return (zeros(7) && groups[7] === 1) || (first & 0xffc0) === 0xfe80 || (first & 0xffc0) === 0xfec0 || (first & 0xfe00) === 0xfc00;
}

// One to four numbers, decimal, octal or hexadecimal, the last of which fills what is left: as resolvers read addresses.
function ipv4Of(name: string): number | undefined {
  const parts = name.split(".");
  if (parts.length > 4 || parts.some((part) => !/^(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)$/.test(part))) return undefined;
  const numbers = parts.map((part) => (/^0[0-7]/.test(part) ? parseInt(part, 8) : Number(part)));
  const last = numbers.pop()!;
  if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) return undefined;
  return numbers.reduce((sum, number, i) => sum + number * 256 ** (3 - i), last);
}

function ipv6Of(name: string): number[] | undefined {
  const address = name.replace(/%.*$/, "");
  if (!address.includes(":") || !/^[0-9a-f:.]+$/.test(address)) return undefined;
  try {
    const [head, tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::") as [string, string?];
    const groups = (text: string | undefined): number[] => (text === undefined || text === "" ? [] : text.split(":").map((group) => parseInt(group, 16)));
    const [first, last] = [groups(head), groups(tail)];
    return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
  } catch {
    return undefined;
  }
}
