//! Lines to paste: the tag itself, for tag managers, for a first-party path, and for a content security policy.

use crate::actions::tag::text_to_paste;
use crate::public::tag::files;
use crate::state::AppState;

/// A text to copy; its label is under `tag-line-{key}`.
pub struct Line {
    /// Its name.
    pub key: &'static str,
    /// The text.
    pub text: String,
    /// Its lines, for the box.
    pub rows: usize,
}

/// Hears a consent tool that follows IAB's framework; the first purpose is storing on the visitor's device.
const CONSENT_TCF: &str = "<script>
window.__tcfapi && __tcfapi(\"addEventListener\", 2, function (data, ok) {
  if (ok && /tcloaded|useractioncomplete/.test(data.eventStatus)) {
    tsugite(\"consent\", data.purpose.consents[1] ? \"grant\" : \"deny\");
  }
});
</script>";

/// Hears Google's consent mode. What applies before the visitor has chosen takes nothing away.
const CONSENT_GOOGLE: &str = "<script>
window.dataLayer = window.dataLayer || [];
(function (push) {
  function read(entry) {
    if (!entry || entry[0] !== \"consent\" || !entry[2]) return;
    if (entry[2].analytics_storage === \"granted\") tsugite(\"consent\", \"grant\");
    else if (entry[1] === \"update\") tsugite(\"consent\", \"deny\");
  }
  Array.prototype.forEach.call(dataLayer, read);
  dataLayer.push = function () {
    Array.prototype.forEach.call(arguments, read);
    return push.apply(dataLayer, arguments);
  };
})(dataLayer.push);
</script>";

/// The tag, the lines most people need first.
pub fn all(state: &AppState, key: &str) -> Vec<Line> {
    let url = &state.settings.public_url;
    let base = url.as_str().trim_end_matches('/');
    let origin = url.origin().ascii_serialization();
    let host = url.host_str().unwrap_or_default();
    let (pinned, integrity) = files::pinned();
    let texts = [
        ("gtm", format!("<script async src=\"{base}/tag.js?k={key}\"></script>")),
        (
            "pinned",
            format!(
                "<script async src=\"{base}{pinned}\" integrity=\"{integrity}\" crossorigin=\"anonymous\" data-key=\"{key}\"></script>"
            ),
        ),
        ("csp", format!("script-src {origin}; connect-src {origin}; frame-src {origin}")),
        (
            "nginx",
            format!(
                "location /tsugite/ {{\n    proxy_pass {base}/;\n    proxy_set_header Host {host};\n    proxy_set_header \
                 X-Forwarded-For $proxy_add_x_forwarded_for;\n    proxy_set_header Cookie \"\";\n    proxy_hide_header Set-Cookie;\n    \
                 proxy_ssl_server_name on;\n}}"
            ),
        ),
        (
            "apache",
            format!(
                "SSLProxyEngine on\nProxyPass \"/tsugite/\" \"{base}/\"\nProxyPassReverse \"/tsugite/\" \"{base}/\"\n<Location \"/tsugite/\">\n    \
                 RequestHeader unset Cookie\n    Header unset Set-Cookie\n</Location>"
            ),
        ),
        (
            "vercel",
            format!(
                "{{ \"rewrites\": [{{ \"source\": \"/tsugite/:path*\", \"destination\": \"{base}/:path*\" }}] }}"
            ),
        ),
        ("first-party", format!("<script async src=\"/tsugite/tag.js\" data-key=\"{key}\"></script>")),
        (
            "consent",
            "<script>\nwindow.tsugite = window.tsugite || function () { (tsugite.q = tsugite.q || []).push(arguments) };\n\
             tsugite(\"consent\", \"grant\");\n</script>"
                .to_owned(),
        ),
        ("consent-tcf", CONSENT_TCF.to_owned()),
        ("consent-google", CONSENT_GOOGLE.to_owned()),
    ];
    let line = |(key, text): (&'static str, String)| Line { key, rows: text.lines().count().max(2), text };
    let tag = Line { key: "tag", text: text_to_paste(state, key), rows: 2 };
    std::iter::once(tag).chain(texts.map(line)).collect()
}
