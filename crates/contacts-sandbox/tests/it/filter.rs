//! The filters of the list.

use contacts_sandbox::{Account, KeyRole, Sandbox};
use serde_json::json;

use crate::client::{get, put};
use crate::list::ids;

/// The demo account, in which orders 1 to 3 have what no other order has.
fn sandbox() -> Sandbox {
    let mut account = Account::demo();
    account.add_order(
        100_000_001,
        json!({
            "status": "issued",
            "is_renewed": true,
            "disable_renewal_notifications": true,
            "origin": "migrated",
            "user": {"id": 7},
            "container": {"id": 5},
            "organization": {"id": 9},
            "custom_fields": [{"metadata_id": 11}, {"metadata_id": 12}],
            "date_created": "2020-01-01T10:00:00+00:00",
            "certificate": {
                "id": 3,
                "common_name": "First.example.org",
                "dns_names": ["first.example.org", "alias.example.org"],
                "serial_number": "0ABC",
                "valid_till": "2021-01-31",
            },
            "organization_contact": {"email": "org@example.org"},
            "technical_contact": {"email": "tech@example.org"},
        }),
    );
    Sandbox::builder().account(account).start().unwrap()
}

/// The orders that a filter such as `id=7` selects.
fn filtered(sandbox: &Sandbox, filter: &str) -> Vec<u64> {
    ids(
        sandbox,
        &format!("?filters[{}", filter.replacen('=', "]=", 1)),
    )
}

#[test]
fn a_filter_selects_the_orders_with_its_value() {
    let sandbox = sandbox();
    for filter in [
        "id=100000001",
        "organization_id=9",
        "user_id=7",
        "container_id=5",
        "metadata_id=11",
        "metadata_id=12",
        "certificate_id=3",
        "serial_number=0abc",
        "common_name=first.example.org",
        "domain_name=alias.example.org",
        "domain_name=FIRST.example.org",
        "email=org@example.org",
        "email=Tech@example.org",
        "is_renewed=1",
        "disable_renewal_notifications=1",
        "origin=migrated",
        "date_created=2020-01-01",
        "valid_till=2021-01-31",
    ] {
        assert_eq!(filtered(&sandbox, filter), [1], "{filter}");
    }
    for filter in [
        "is_renewed=0",
        "disable_renewal_notifications=0",
        "origin=certcentral",
    ] {
        assert_eq!(filtered(&sandbox, filter).len(), 13, "{filter}");
    }
    for filter in [
        "id=1",
        "common_name=alias.example.org",
        "common_name=first",
        "domain_name=example.org",
        "email=example.org",
        "metadata_id=1",
        "status=unheard_of",
        "status=",
    ] {
        assert!(filtered(&sandbox, filter).is_empty(), "{filter}");
    }
    assert_eq!(filtered(&sandbox, "product_name_id=ssl_ev_plus"), [2, 7]);
    assert_eq!(filtered(&sandbox, "status=pending"), [4]);
}

#[test]
fn issued_orders_include_the_expired_ones() {
    let sandbox = Sandbox::start().unwrap();
    let issued = filtered(&sandbox, "status=issued");
    assert_eq!(issued, [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 14]);
    assert_eq!(filtered(&sandbox, "status=expired"), [13]);
    assert_eq!(filtered(&sandbox, "status=reissue_pending"), [12]);
}

#[test]
fn an_array_has_alternatives() {
    let sandbox = sandbox();
    for query in [
        "?filters[status][0]=pending&filters[status][1]=expired",
        "?filters%5Bstatus%5D%5B0%5D=pending&filters%5Bstatus%5D%5B7%5D=expired",
        "?filters[status][]=pending&filters[status][]=expired",
        "?filters[status]=pending&filters[status]=expired",
    ] {
        assert_eq!(ids(&sandbox, query), [4, 13], "{query}");
    }
    // Seen in a client: certificates that are valid, or not issued yet.
    let valid = "?filters[valid_till][0]=%3E2022-01-01&filters[valid_till][1]=null";
    assert_eq!(ids(&sandbox, valid), (2..=14).collect::<Vec<_>>());
    assert_eq!(filtered(&sandbox, "valid_till=null"), [4]);
}

#[test]
fn an_order_matches_all_filters() {
    let sandbox = sandbox();
    let query = "?filters[product_name_id]=ssl_plus&filters[status]=issued&filters[domain_name]=";
    assert_eq!(ids(&sandbox, &format!("{query}cdn.example.com")), [10]);
    assert!(ids(&sandbox, &format!("{query}shop.example.com")).is_empty());
}

#[test]
fn a_search_finds_common_names_and_the_addresses_of_both_contacts() {
    let sandbox = sandbox();
    assert_eq!(filtered(&sandbox, "search=SHOP.example"), [2]);
    assert_eq!(filtered(&sandbox, "search=org@example.org"), [1]);
    assert_eq!(filtered(&sandbox, "search=TECH@"), [1]);
    assert_eq!(filtered(&sandbox, "search=%25tech%25example.org"), [1]);
    assert_eq!(filtered(&sandbox, "search=ada.nwosu@example.com"), [10, 14]);
    for elsewhere in [
        "Robin%20Leaver",
        "alias.example.org",
        "ssl_plus",
        "600000002",
        "100000002",
    ] {
        assert!(
            filtered(&sandbox, &format!("search={elsewhere}")).is_empty(),
            "{elsewhere}"
        );
    }
    let body = r#"{"contacts":[{"first_name":"N","last_name":"N","email":"new@example.com","contact_type":"technical_contact"}]}"#;
    assert_eq!(put(&sandbox, 100_000_003, body).status, 204);
    assert_eq!(
        filtered(&sandbox, "search=new@example.com"),
        [3],
        "the current contacts"
    );
    assert!(!filtered(&sandbox, "search=robin.leaver@example.com").contains(&3));
}

#[test]
fn a_percent_sign_stands_for_any_text() {
    let sandbox = sandbox();
    assert_eq!(filtered(&sandbox, "common_name=%25.dev.example.com"), [9]);
    assert_eq!(filtered(&sandbox, "domain_name=alias%25"), [1]);
    assert_eq!(filtered(&sandbox, "email=%25@example.org"), [1]);
}

#[test]
fn dates_are_compared_by_day_or_second() {
    let sandbox = sandbox();
    for filter in [
        "date_created=%3C2026-01-01",
        "date_created=2020-01-01+10:00:00",
        "date_created=2019-01-01...2020-01-01",
        "date_created=2020-01-01+09:00:00...2020-01-01T11:00:00",
        "date_created=%3C2020-01-01T10:00:01",
        "valid_till=%3C2022-01-01",
        "valid_till=2021-01-31+00:00:00...2021-01-31+23:59:59",
    ] {
        let found = filtered(&sandbox, filter);
        assert!(
            found.contains(&1) && !found.contains(&2),
            "{filter}: {found:?}"
        );
    }
    for filter in [
        "date_created=%3E2020-01-01",
        "date_created=%3C2020-01-01",
        "date_created=2020-01-01+09:00:00",
        "valid_till=%3ENOW",
        "valid_till=NOW...9999-12-31",
    ] {
        assert!(!filtered(&sandbox, filter).contains(&1), "{filter}");
    }
    assert_eq!(filtered(&sandbox, "valid_till=%3CNOW"), [1, 13]);
}

#[test]
fn a_filter_that_nobody_documents_is_an_error() {
    let sandbox = Sandbox::start().unwrap();
    let unknown = get(&sandbox, "order/certificate?filters[statu]=issued");
    assert_eq!(unknown.status, 400);
    insta::assert_snapshot!(unknown.body, @r#"{"errors":[{"code":"sandbox_query_invalid","message":"`filters[statu]` is not a filter of this request; use `filters[name]` with one of id, status, common_name, date_created, valid_till, organization_id, user_id, product_name_id, is_renewed, container_id, domain_name, email, certificate_id, serial_number, metadata_id, disable_renewal_notifications, origin, search."}]}"#);
    for parameter in [
        "filter[status]",
        "filters",
        "filters[]",
        "filters[status",
        "filters[status]x",
        "filters[status][x]",
        "filters[status][0][1]",
    ] {
        let code = get(&sandbox, &format!("order/certificate?{parameter}=issued")).code();
        assert_eq!(code, "400 sandbox_query_invalid", "{parameter}");
    }
    // Whatever is not a filter is ignored.
    assert_eq!(ids(&sandbox, "?status=pending&includeNotes=true").len(), 14);
}

#[test]
fn a_value_that_a_filter_cannot_have_is_an_error() {
    let sandbox = Sandbox::start().unwrap();
    let message = |filter: &str| {
        let response = get(&sandbox, &format!("order/certificate?filters[{filter}"));
        assert_eq!(response.code(), "400 sandbox_query_invalid", "{filter}");
        let body: serde_json::Value = serde_json::from_str(&response.body).unwrap();
        body["errors"][0]["message"].as_str().unwrap().to_owned()
    };
    insta::assert_snapshot!(message("is_renewed]=true"), @"`filters[is_renewed]` must be 1 or 0.");
    insta::assert_snapshot!(message("origin]=elsewhere"), @"`filters[origin]` must be `certcentral` or `migrated`.");
    insta::assert_snapshot!(message("valid_till]=soon"), @"`filters[valid_till]` must be a date as `yyyy-MM-dd` or `yyyy-MM-dd HH:mm:ss`, `>` or `<` with a date or `NOW`, two dates with `...` between them, or `null`.");
    for date in [
        "",
        "2027",
        "2027-13-01",
        "2027-01-32",
        "2027-01-01x",
        "...",
        "%3E",
        "%C3%A9",
    ] {
        message(&format!("date_created]={date}"));
    }
}

#[test]
fn an_order_with_nothing_matches_no_value() {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, KeyRole::Unrestricted);
    account.add_order(
        100_000_001,
        json!({"certificate": "none", "organization": []}),
    );
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    for filter in [
        "common_name=none",
        "organization_id=1",
        "valid_till=2027-01-01",
        "email=null",
    ] {
        assert!(filtered(&sandbox, filter).is_empty(), "{filter}");
    }
    assert_eq!(filtered(&sandbox, "valid_till=null"), [1]);
    assert_eq!(filtered(&sandbox, "is_renewed=0"), [1]);
}
