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
