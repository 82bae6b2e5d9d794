use super::{BaseUrl, Proxy};

/// The name of the proxy for the API, which errors contain.
fn named(proxy: &Proxy, environment: &[(&str, &str)]) -> Result<Option<String>, String> {
    let look_up = |name: &str| {
        let found = environment.iter().find(|(n, _)| *n == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let proxy = proxy.resolve(&BaseUrl::us(), look_up);
    let proxy = proxy.map(|proxy| proxy.map(|proxy| proxy.name.to_string()));
    proxy.map_err(|error| error.to_string())
}

fn resolved(environment: &[(&str, &str)]) -> Result<Option<String>, String> {
    named(&Proxy::from_environment(), environment)
}

#[test]
fn the_environment_selects_the_proxy_as_for_curl() {
    let some = |name: &str| Ok(Some(name.to_owned()));
    assert_eq!(resolved(&[]), Ok(None));
    let http = [("HTTP_PROXY", "http://a:1")];
    assert_eq!(resolved(&http), Ok(None), "for http only");
    let all = [("ALL_PROXY", "http://a:1")];
    assert_eq!(resolved(&all), some("http://a:1 (from ALL_PROXY)"));
    let both = [("ALL_PROXY", "http://a:1"), ("HTTPS_PROXY", "http://b:2")];
    assert_eq!(resolved(&both), some("http://b:2 (from HTTPS_PROXY)"));
    let cases = [("HTTPS_PROXY", "http://b:2"), ("https_proxy", "c:3")];
    assert_eq!(resolved(&cases), some("http://c:3 (from https_proxy)"));
    let blank = [("HTTPS_PROXY", " "), ("ALL_PROXY", "")];
    assert_eq!(resolved(&blank), Ok(None));
    let exempt = [
        ("HTTPS_PROXY", "socks5://b:2"),
        ("NO_PROXY", "localhost, digicert.com"),
    ];
    assert_eq!(resolved(&exempt), Ok(None));
}

#[test]
fn the_name_of_a_proxy_has_no_credentials() {
    for (url, name) in [
        ("http://user:secret@b:2", "http://b:2"),
        ("user:secret@b", "http://b:80"),
        ("https://user:secret@b", "https://b:443"),
        ("http://secret@b:2/path", "http://b:2"),
        ("http://user:s%2Fecret@[::1]:2", "http://[::1]:2"),
    ] {
        let from = |origin| Ok(Some(format!("{name} (from {origin})")));
        assert_eq!(resolved(&[("HTTPS_PROXY", url)]), from("HTTPS_PROXY"));
        let setting = Proxy::parse(url).unwrap();
        assert_eq!(named(&setting, &[]), from("the proxy setting"));
        assert!(!format!("{setting:?}").contains("secret"));
    }
}

#[test]
fn an_invalid_proxy_is_an_error_that_names_its_origin_and_no_credentials() {
    for (url, why) in [
        ("ftp://user:secret@a:1", "the scheme must be http or https"),
        ("http://", "not a URL"),
        ("http://a b", "not a URL"),
        (
            "http://user:secret@a:99999",
            "the port must be a number from 1 to 65535",
        ),
        (
            "http://user:12/secret@a:1",
            "special characters of user name and password must be percent-encoded",
        ),
        (
            "http://user:12#secret@a:1",
            "special characters of user name and password must be percent-encoded",
        ),
    ] {
        let expected = format!("invalid proxy in HTTPS_PROXY: {why}");
        assert_eq!(resolved(&[("HTTPS_PROXY", url)]), Err(expected), "{url}");
        let expected = format!("invalid proxy: {why}");
        assert_eq!(Proxy::parse(url).unwrap_err().to_string(), expected);
    }
    for socks in [
        "socks5://a:1",
        "socks5h://user:secret@a:1",
        "socks4://a",
        "SOCKS://a:1",
    ] {
        let error = resolved(&[("ALL_PROXY", socks)]).unwrap_err();
        let expected = "invalid proxy in ALL_PROXY: SOCKS is not supported; name an http proxy, such as \
                        http://HOST:PORT, in HTTPS_PROXY or the proxy setting, or `direct` in the proxy \
                        setting";
        assert_eq!(error, expected, "{socks}");
    }
}

#[test]
fn a_setting_overrides_the_environment() {
    let environment = [("HTTPS_PROXY", "http://a:1")];
    assert_eq!(named(&Proxy::direct(), &environment), Ok(None));
    let custom = Proxy::parse("user:secret@b:2").unwrap();
    let expected = "http://b:2 (from the proxy setting)".to_owned();
    assert_eq!(named(&custom, &environment), Ok(Some(expected)));
    insta::assert_snapshot!(format!("{custom:?} {:?}", Proxy::default()), @"Proxy(Url(SecretBox<str>([REDACTED]))) Proxy(Environment)");
}
