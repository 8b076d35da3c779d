//! Where a change comes from, as change events tell it.

/// The origin of what a call of an API changes; `options` is the value of `Sforce-Call-Options`.
pub(crate) fn origin(api: &str, version: &str, options: Option<&str>) -> String {
    let client = options.into_iter().flat_map(|options| options.split([',', ';'])).find_map(|option| {
        let (name, value) = option.split_once('=')?;
        name.trim().eq_ignore_ascii_case("client").then(|| value.trim()).filter(|value| !value.is_empty())
    });
    let client = client.map(|client| format!(";client={client}")).unwrap_or_default();
    format!("com/salesforce/api/{api}/{version}{client}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn call_options_name_the_client() {
        for (options, expected) in [
            (None, "com/salesforce/api/rest/66.0"),
            (Some("client=Tsugite"), "com/salesforce/api/rest/66.0;client=Tsugite"),
            (Some("defaultNamespace=x, Client = A/1"), "com/salesforce/api/rest/66.0;client=A/1"),
            (Some("client="), "com/salesforce/api/rest/66.0"),
        ] {
            assert_eq!(origin("rest", "66.0", options), expected);
        }
    }
}
