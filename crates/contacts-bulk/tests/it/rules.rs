//! Rules for the contacts of orders.

use contacts_bulk::input::Snapshot;
use contacts_bulk::rules::Rules;
use contacts_core::{ContactType, Order};

const PEOPLE: &str = r#"
[people.web]
first_name = "Web"
last_name = "Team"
email = "web@example.com"

[people.office]
first_name = "Olivia"
last_name = "Office"
email = "office@example.com"
telephone = "+1 555 0100"
"#;

fn rules(rules: &str) -> Rules {
    Rules::parse(&format!("{PEOPLE}{rules}")).unwrap()
}

fn order(common_name: &str, product: &str, status: &str) -> Order {
    let json = format!(
        r#"{{"id": 7, "status": "{status}", "product": {product}, "certificate": {{"common_name": "{common_name}"}}}}"#
    );
    Order::from_json(json.as_bytes()).unwrap()
}

const EV: &str = r#"{"name_id": "ssl_ev_plus", "name": "EV SSL Plus", "validation_type": "ev"}"#;
const DV: &str = r#"{"name_id": "ssl_dv_geotrust", "name": "GeoTrust DV"}"#;

/// The local parts of the organization and the technical contact that rules set.
fn set(rules: &Rules, order: &Order) -> [Option<String>; 2] {
    let update = rules.update(order);
    [ContactType::Organization, ContactType::Technical].map(|of| {
        let contact = update.as_ref()?.contact(of)?;
        contact.email().split('@').next().map(str::to_owned)
    })
}

fn technical(rules: &Rules, common_name: &str) -> bool {
    set(rules, &order(common_name, EV, "issued"))[1].is_some()
}

#[test]
fn for_each_contact_the_first_matching_rule_that_names_it_counts() {
    let rules = rules(
        r#"
        [[rule]]
        domain = "*.shop.example.com"
        technical_contact = "web"
        [[rule]]
        domain = "legacy.example.com"
        organization_contact = false
        [[rule]]
        technical_contact = "office"
        organization_contact = "office"
        "#,
    );
    let of = |name| set(&rules, &order(name, EV, "issued")).map(Option::unwrap_or_default);
    assert_eq!(of("www.shop.example.com"), ["office", "web"]);
    assert_eq!(
        of("legacy.example.com"),
        ["", "office"],
        "false keeps the contact"
    );
    assert_eq!(of("www.example.org"), ["office", "office"]);
}

#[test]
fn a_domain_is_a_name_or_all_names_below_it() {
    let one = rules("[[rule]]\ndomain = \"Shop.Example.com\"\ntechnical_contact = \"web\"");
    assert!(technical(&one, "shop.example.com") && technical(&one, "SHOP.example.COM."));
    assert!(!technical(&one, "www.shop.example.com") && !technical(&one, "bigshop.example.com"));
    let below = rules("[[rule]]\ndomain = \"*.example.com\"\ntechnical_contact = \"web\"");
    assert!(technical(&below, "www.example.com") && technical(&below, "a.b.example.com"));
    assert!(
        technical(&below, "*.example.com"),
        "the wildcard certificate"
    );
    assert!(!technical(&below, "example.com") && !technical(&below, "badexample.com"));
    assert!(!technical(&below, ""));
}

#[test]
fn a_rule_matches_products_by_id_name_or_validation_type_and_live_orders_only() {
    let matches = |condition: &str, product: &str, status: &str| {
        let text = format!("[[rule]]\n{condition}\ntechnical_contact = \"web\"");
        set(&rules(&text), &order("www.example.com", product, status))[1].is_some()
    };
    for product in ["SSL_EV_PLUS", "ev ssl plus", "EV"] {
        assert!(
            matches(&format!("product = \"{product}\""), EV, "issued"),
            "{product}"
        );
    }
    assert!(!matches("product = [\"OV\", \"ssl_plus\"]", EV, "issued"));
    assert!(!matches("product = \"EV\"", "null", "issued"));
    for ended in ["canceled", "expired", "rejected", "revoked"] {
        assert!(!matches("", EV, ended));
        assert!(matches(&format!("status = \"{ended}\""), EV, ended));
    }
    assert!(matches("", EV, "pending"));
    assert!(!matches("status = [\"issued\"]", EV, "pending"));
}

#[test]
fn no_rule_sets_the_organization_contact_of_a_dv_order() {
    let rules = rules("[[rule]]\ntechnical_contact = \"web\"\norganization_contact = \"office\"");
    let [organization, technical] = set(&rules, &order("www.example.com", DV, "issued"));
    assert_eq!((organization, technical.as_deref()), (None, Some("web")));
    let export = "order_id,contact_type,first_name,last_name,email,common_name,status,product\n\
                  7,technical_contact,A,B,a@example.com,www.example.com,issued,GeoTrust DV\n\
                  8,technical_contact,A,B,a@example.com,www.example.com,issued,EV SSL Plus\n\
                  8,organization_contact,A,B,a@example.com,www.example.com,issued,EV SSL Plus\n";
    let orders = rules.of_snapshot(&Snapshot::from_bytes(export).unwrap());
    let updates = orders.input.orders().iter();
    let contacts: Vec<_> = updates
        .map(|order| order.update.contacts().count())
        .collect();
    assert_eq!(
        contacts,
        [1, 2],
        "an export does not say which orders are DV"
    );
}

#[test]
fn orders_without_a_rule_and_rules_without_an_order_are_counted() {
    let text = "[[rule]]\ndomain = \"*.example.org\"\ntechnical_contact = \"web\"\n\
                [[rule]]\nproduct = \"EV SSL Plus\"\ntechnical_contact = \"office\"\n";
    let export = "order_id,contact_type,first_name,last_name,email,common_name,status,product\n\
                  8,technical_contact,A,B,a@example.com,www.example.com,issued,EV SSL Plus\n\
                  9,technical_contact,A,B,a@example.com,www.example.com,issued,OV\n";
    let ruled = rules(text).of_snapshot(&Snapshot::from_bytes(export).unwrap());
    assert_eq!(
        (ruled.orders, ruled.without_rule, ruled.input.orders().len()),
        (2, 1, 1)
    );
    assert_eq!(ruled.unused_rules, [12]);
}

#[test]
fn everything_that_is_wrong_in_a_file_is_reported_with_its_line() {
    let wrong = r#"
[people.web]
first_name = "Marker"
email = "marker@"
mobile = "4711"

[[rule]]
domain = ["*.example.com", "*foo", "a b"]
technical_contact = "webb"

[[rule]]
product = "EV"

[[rule]]
organization_contact = true

[[rule]]
technical_contact = "web"
[[rule]]
technical_contact = false
"#;
    let error = Rules::parse(wrong).unwrap_err().to_string();
    assert!(!error.to_lowercase().contains("marker"), "{error}");
    insta::assert_snapshot!(error);
    let errors = [
        "",
        "[[rule]]\ntechnical = \"web\"",
        "[[rule]]\ntechnical_contact = 4711",
        "[[rule]]\ndomain = [4711]\ntechnical_contact = \"web\"",
        "[people]\nweb = \"Marker\"\n[[rule]]\ntechnical_contact = \"web\"",
        "[[rule]\ntechnical_contact = \"Marker\"",
        "[people.web]\nemail = \"a\"\nemail = \"Marker\"",
        "order_id,contact_type\n7,technical_contact",
    ];
    let errors = errors
        .map(|text| Rules::parse(text).unwrap_err().to_string())
        .join("\n");
    assert!(
        !errors.contains("Marker") && !errors.contains("4711"),
        "{errors}"
    );
    insta::assert_snapshot!(errors);
}

#[test]
fn an_empty_list_does_not_match_every_order() {
    let file = |condition: &str| {
        format!(
            "[people.web]\nfirst_name = \"Web\"\nlast_name = \"Team\"\nemail = \"web@example.com\"\n\
             [[rule]]\n{condition} = []\ntechnical_contact = \"web\"\n"
        )
    };
    for condition in ["domain", "product", "status"] {
        let error = Rules::parse(&file(condition)).unwrap_err().to_string();
        let expected = format!(
            "line 5: {condition}: the list is empty; name at least one, or remove the line"
        );
        assert_eq!(error, expected);
    }
    assert!(Rules::parse("rule = []").is_err());
}

#[test]
fn a_name_that_may_be_an_address_is_not_shown() {
    let error = Rules::parse("[[rule]]\ntechnical_contact = \"jane.doe@example.com\"").unwrap_err();
    insta::assert_snapshot!(error, @"line 1: technical_contact: nobody in `people` has this name");
}
