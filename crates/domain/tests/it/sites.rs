//! Which company a domain belongs to (G2).

use domain::value::{company_domain, company_domain_in};

#[test]
fn registrable_domain_identifies_company() {
    for (site, domain) in [
        ("https://www.Example.co.jp/about?x=1", Some("example.co.jp")),
        ("example.com", Some("example.com")),
        (" http://shop.eu.example.com:8080 ", Some("example.com")),
        ("https://www.example.tokyo.jp", Some("example.tokyo.jp")),
        ("www.継手.example", Some("xn--kpus12d.example")),
        ("somebody.github.io", Some("somebody.github.io")),
        ("https://www.gmail.com", None),
        ("co.jp", None),
        ("localhost", None),
        ("192.168.0.1", None),
        ("なし", None),
        ("", None),
        ("https://", None),
    ] {
        assert_eq!(company_domain(site).as_deref(), domain, "{site}");
    }
}

#[test]
fn free_mail_domain_gives_no_company() {
    for (wanted, domain) in [
        ("Taro@mail.example.co.jp", Some("example.co.jp")),
        ("taro@gmail.com", None),
        ("taro@docomo.ne.jp", None),
        ("taro@jcom.home.ne.jp", None),
        ("taro@k.vodafone.ne.jp", None),
        ("taro@example.ne.jp", Some("example.ne.jp")),
        ("https://example.ne.jp/", Some("example.ne.jp")),
    ] {
        assert_eq!(company_domain_in(wanted).as_deref(), domain, "{wanted}");
    }
}
