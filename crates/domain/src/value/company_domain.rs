//! Which company an address on the web or in a mail belongs to (G2).

use crate::value::{EmailAddress, tidy_line};
use url::Url;

/// Domains whose mailboxes anybody can have, so that they tell no company.
///
/// Subdomains count too: `k.vodafone.ne.jp` is one of `vodafone.ne.jp`.
const FREE_MAIL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "aol.jp",
    "au.com",
    "auone.jp",
    "bbtec.net",
    "biglobe.ne.jp",
    "dion.ne.jp",
    "disney.ne.jp",
    "docomo.ne.jp",
    "duck.com",
    "emnet.ne.jp",
    "emobile.ne.jp",
    "eonet.ne.jp",
    "excite.co.jp",
    "ezweb.ne.jp",
    "fastmail.com",
    "foxmail.com",
    "free.fr",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "gol.com",
    "goo.jp",
    "googlemail.com",
    "hey.com",
    "hi-ho.ne.jp",
    "hotmail.co.jp",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "iijmio-mail.jp",
    "infoseek.jp",
    "jcom.home.ne.jp",
    "jcom.zaq.ne.jp",
    "kagoya.net",
    "live.com",
    "live.jp",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "mineo.jp",
    "mopera.net",
    "msn.com",
    "naver.com",
    "nifty.com",
    "nifty.ne.jp",
    "ocn.ne.jp",
    "odn.ne.jp",
    "outlook.com",
    "outlook.jp",
    "pdx.ne.jp",
    "plala.or.jp",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rakumail.jp",
    "rakuten.jp",
    "rocketmail.com",
    "sannet.ne.jp",
    "so-net.ne.jp",
    "softbank.jp",
    "softbank.ne.jp",
    "t-online.de",
    "tiki.ne.jp",
    "tutanota.com",
    "uqmobile.jp",
    "vodafone.ne.jp",
    "wcm.ne.jp",
    "web.de",
    "willcom.com",
    "y-mobile.ne.jp",
    "yahoo.co.jp",
    "yahoo.com",
    "yandex.com",
    "ybb.ne.jp",
    "ymail.com",
    "ymail.ne.jp",
    "ymobile.ne.jp",
    "zoho.com",
];

/// The domain that a company has registered, from its site's address: `https://www.shop.example.co.jp/` gives
/// `example.co.jp`. `None` for what is no address of a company, and for the sites of mail and portal providers.
pub fn company_domain(site: &str) -> Option<String> {
    let site = site.trim();
    let url = if site.contains("://") { Url::parse(site) } else { Url::parse(&format!("https://{site}")) };
    registered(url.ok()?.domain()?)
}

/// The domain of the company that someone writes from; `None` for free mail.
pub fn company_domain_of(address: &EmailAddress) -> Option<String> {
    company_domain(address.as_str().rsplit_once('@')?.1)
}

/// The company's domain in what someone looks for: a site, a domain, or an e-mail address.
pub fn company_domain_in(wanted: &str) -> Option<String> {
    match EmailAddress::parse(wanted) {
        Ok(address) => company_domain_of(&address),
        Err(_) => company_domain(wanted),
    }
}

/// A host's name as somebody lists it, in lower case: a name under a public suffix that is known, without anything
/// around it. `None` for addresses of pages, for e-mail addresses and for what is no name.
pub fn host_name(text: &str) -> Option<String> {
    let host = tidy_line(text).trim_end_matches('.').to_lowercase();
    let url = Url::parse(&format!("https://{host}/")).ok()?;
    let name = url.domain()?;
    let is_whole = !host.contains(['/', '@', ':', '?', '#', '\\', ' ', '%'])
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    let suffix = psl::suffix(name.as_bytes()).is_some_and(|suffix| suffix.is_known());
    (is_whole && suffix && psl::domain(name.as_bytes()).is_some()).then(|| name.to_owned())
}

/// The names under which lists of domains are searched for an address: its host, and the domain that the company has
/// registered. Free mail has its host only.
pub fn domain_keys(address: &EmailAddress) -> Vec<String> {
    let mut keys = vec![address.domain().to_owned()];
    keys.extend(company_domain_of(address).filter(|domain| *domain != address.domain()));
    keys
}

fn registered(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.').to_lowercase();
    let domain = psl::domain(host.as_bytes())?;
    // Unknown top-level domains are typing errors, unless the list names them.
    let name = std::str::from_utf8(domain.as_bytes()).ok()?;
    let free = FREE_MAIL
        .iter()
        .any(|free| host == *free || host.strip_suffix(free).is_some_and(|before| before.ends_with('.')));
    (!free && name.contains('.')).then(|| name.to_owned())
}
