# What `./run` and `./test` need from the machine. Sourced, not run.
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
stamps=.commonhold/stamps

say() { if [ -t 2 ]; then printf '\033[2m%s\033[0m\n' "$*" >&2; else printf '%s\n' "$*" >&2; fi; }
fail() { printf '%s: error: %s\n' "${0##*/}" "$1" >&2; [ $# -lt 2 ] || printf '%s: hint: %s\n' "${0##*/}" "$2" >&2; exit 1; }

need_tools() {
  command -v git >/dev/null || fail "git is missing" "apt-get install git"
  command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing" "https://dotnet.microsoft.com/download/dotnet/10.0"
  # global.json names the version; inside the repository dotnet refuses when none fits.
  local sdk; sdk=$(dotnet --version 2>/dev/null) || fail "the .NET SDK 10 is missing (there is: $(dotnet --list-sdks | tr '\n' ' '))"
  [ "${sdk%%.*}" -ge 10 ] || fail "the .NET SDK is $sdk, and 10 is needed"
  command -v node >/dev/null && command -v npm >/dev/null || fail "Node.js is missing (20 or newer)" "https://nodejs.org"
  local node; node=$(node --version); node=${node#v}
  [ "${node%%.*}" -ge 20 ] || fail "Node.js is $node, and 20 is needed"
}

# need_library NAME.so.N PACKAGE / need_command NAME PACKAGE: collects what apt has to bring.
missing=()
need_library() { ldconfig -p 2>/dev/null | grep -qF "$1" || /sbin/ldconfig -p 2>/dev/null | grep -qF "$1" || missing+=("$2"); }
need_command() { command -v "$1" >/dev/null || missing+=("$2"); }
install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "missing: ${missing[*]}" "install them with this system's package manager"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "missing: ${missing[*]}" "as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${missing[*]} (apt-get)"
  "${as_root[@]}" apt-get update -qq >/dev/null 2>&1 || say "apt-get update failed; trying with the lists that are there"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
    || fail "apt-get could not install ${missing[*]}"
}

# once NAME FILE... -- COMMAND...: runs the command unless the files are as they were when it last succeeded.
once() {
  local name=$1 files=() digest; shift
  while [ "$1" != -- ]; do files+=("$1"); shift; done; shift
  digest=$(cat "${files[@]}" | sha256sum)
  if [ "$(cat "$stamps/$name" 2>/dev/null)" != "$digest" ]; then
    "$@"
    mkdir -p "$stamps"; printf '%s\n' "$digest" > "$stamps/$name"
  fi
}

# npm_tools DIRECTORY: what its lock file pins, no more and no less.
npm_tools() {
  [ -d "$1/node_modules" ] || rm -f "$stamps/npm-${1//\//-}"
  once "npm-${1//\//-}" "$1/package-lock.json" -- npm_ci "$1"
}
npm_ci() {
  say "installing what $1/package-lock.json pins (npm ci)"
  npm ci --prefix "$1" --no-audit --no-fund --loglevel=error >/dev/null || fail "npm ci failed in $1"
}

# web_bundle: what runs in the browser, type-checked and bundled into web/dist; before any .NET build, because the node embeds it.
web_bundle() {
  [ -f web/dist/exports.mjs ] && [ -f web/dist/site/assets.json ] || rm -f "$stamps/web"
  local sources; mapfile -t sources < <(git ls-files -co --exclude-standard 'web/*' 'src/Commonhold.Exports/*.json')
  once web "${sources[@]}" -- web_build
}
web_build() {
  say "checking and bundling web (tsc, esbuild)"
  local log; log=$(mktemp)
  if ! (cd web && npm run --silent check && npm run --silent build) >"$log" 2>&1; then cat "$log" >&2; rm -f "$log"; fail "web does not build"; fi
  rm -f "$log"
}

build() {
  say "building (dotnet build -c Release)"
  local log; log=$(mktemp)
  if ! dotnet build "$@" -c Release -v q -clp:ErrorsOnly -nologo >"$log" 2>&1; then
    grep -E 'error' "$log" | sort -u | head -20 >&2 || cat "$log" >&2
    rm -f "$log"; fail "the build failed"
  fi
  rm -f "$log"
}
