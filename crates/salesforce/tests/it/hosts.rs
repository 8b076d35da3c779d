use salesforce::{AllowedHosts, Environment, HostError};
use url::Url;

fn check(address: &str) -> Result<(), HostError> {
    let local = Url::parse("http://127.0.0.1:8791").unwrap();
    AllowedHosts::new([local]).check(&Url::parse(address).unwrap())
}

#[test]
fn salesforces_own_hosts_are_allowed() {
    for address in [
        "https://login.salesforce.com",
        "https://test.salesforce.com/services/oauth2/token",
        "https://acme.my.salesforce.com",
        "https://acme--uat.sandbox.my.salesforce.com",
        "https://acme-dev-ed.develop.my.salesforce.com:443",
        "https://LOGIN.SALESFORCE.COM",
        "https://na1.salesforce.com",
        "https://acme.my.salesforce.mil",
        "https://acme.lightning.force.com",
        "http://127.0.0.1:8791",
        "http://127.0.0.1:8791/services",
    ] {
        assert_eq!(check(address), Ok(()), "{address}");
    }
}

#[test]
fn lookalike_hosts_are_rejected() {
    for address in [
        "https://evil-salesforce.com",
        "https://salesforce.com.evil.com",
        "https://login.salesforce.com.evil.com",
        "https://salesforce.com",
        "https://login.salesforce.com.",
        "https://login.sal\u{435}sforce.com",
        "https://login.salesforce.com%2eevil.com",
        "https://evil.com\\.salesforce.com",
        "https://evil.com#.salesforce.com",
        "https://evil.com?.salesforce.com",
        "https://127.0.0.1",
        "https://[::1]",
        "https://127.0.0.1:8791",
        "http://127.0.0.1:8792",
        "http://127.0.0.1",
        "http://localhost:8791",
    ] {
        assert!(check(address).is_err(), "{address}");
    }
    assert_eq!(check("https://login.salesforce.com@evil.com"), Err(HostError::UserInfo));
    assert_eq!(check("https://u:p@login.salesforce.com"), Err(HostError::UserInfo));
    assert_eq!(check("http://login.salesforce.com"), Err(HostError::NotHttps));
    assert_eq!(check("https://login.salesforce.com:8443"), Err(HostError::Port));
    assert_eq!(check("javascript:alert(1)"), Err(HostError::NotHttps));
    assert_eq!(AllowedHosts::default().check(&Url::parse("data:x").unwrap()), Err(HostError::NotHttps));
}

#[test]
fn typed_urls_become_base_urls() {
    let read = |typed: &str| AllowedHosts::default().read(typed).map(|url| url.to_string());
    for typed in [
        " acme.my.salesforce.com ",
        "https://acme.my.salesforce.com/home/home.jsp?x=1#y",
        "https://acme.lightning.force.com/lightning/page/home",
        "acme.my.salesforce-setup.com/lightning/setup/SetupOneHome/home",
    ] {
        assert_eq!(read(typed).as_deref(), Ok("https://acme.my.salesforce.com/"), "{typed}");
    }
    assert_eq!(read("").unwrap_err(), HostError::NotAnAddress);
    assert!(matches!(read("example.com").unwrap_err(), HostError::ForeignHost(_)));
}

#[test]
fn environment_gives_login_host() {
    assert_eq!(Environment::Production.audience(), "https://login.salesforce.com");
    assert_eq!(Environment::Sandbox.audience(), "https://test.salesforce.com");
    let own = Url::parse("https://acme.my.salesforce.com/").unwrap();
    assert_eq!(Environment::MyDomain(own.clone()).login_url(), own);
}
