// What the browser refuses to do for a page is a fault of that page: the test reads it from the console.
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`[csp] ${event.effectiveDirective} forbids ${event.blockedURI || "inline"} (${event.sourceFile ?? ""}:${event.lineNumber ?? 0}) ${event.sample ?? ""}`);
});
