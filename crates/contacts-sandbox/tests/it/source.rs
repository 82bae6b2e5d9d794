//! Faults that make the order report and the reports query lag, or cut or remove them.

use std::time::Duration;

use contacts_sandbox::{Builder, Fault, ManualClock, Sandbox};
use serde_json::Value;

use crate::client::{get, put, query, send};

const HOUR: Duration = Duration::from_secs(3600);
const QUERY: &str = "{ order_details(limit: 3) { id contacts_email } }";

fn with(faults: impl IntoIterator<Item = Fault>) -> Builder {
    faults.into_iter().fold(Sandbox::builder(), Builder::fault)
}

/// Sets the addresses of both contacts of the first order.
fn change(sandbox: &Sandbox, email: &str) {
    let contact = |contact_type: &str| {
        serde_json::json!({
            "contact_type": contact_type, "first_name": "A", "last_name": "B", "email": email,
        })
    };
    let contacts = ["organization_contact", "technical_contact"].map(contact);
    let body = serde_json::json!({ "contacts": contacts }).to_string();
    assert_eq!(put(sandbox, 100_000_001, &body).status, 204);
}

fn reported(sandbox: &Sandbox) -> String {
    let report = get(sandbox, "report/order?limit=1").body;
    let row = report.split("\r\n").nth(1).unwrap_or_default();
    row.split(',')
        .nth(17)
        .unwrap_or_default()
        .trim_matches('"')
        .to_owned()
}

fn queried(sandbox: &Sandbox) -> String {
    let body: Value = serde_json::from_str(&query(sandbox, QUERY).body).unwrap();
    let email = &body["data"]["order_details"][0]["contacts_email"];
    email.as_str().unwrap().to_owned()
}

/// The technical contact as reported, and the organization contact as queried.
fn emails(sandbox: &Sandbox) -> [String; 2] {
    [reported(sandbox), queried(sandbox)]
}

#[test]
fn a_source_lags_by_the_clock_of_the_sandbox() {
    let clock = ManualClock::default();
    let sandbox = with([Fault::lag(HOUR)])
        .clock(clock.clone())
        .start()
        .unwrap();
    let before = emails(&sandbox);
    change(&sandbox, "first@example.com");
    clock.advance(HOUR / 2);
    change(&sandbox, "second@example.com");
    assert_eq!(emails(&sandbox), before);
    let order = sandbox.order(100_000_001).unwrap();
    assert_eq!(order["technical_contact"]["email"], "second@example.com");
    clock.advance(HOUR / 2);
    assert_eq!(emails(&sandbox), ["first@example.com"; 2]);
    clock.advance(HOUR / 2);
    assert_eq!(emails(&sandbox), ["second@example.com"; 2]);
    assert_eq!(sandbox.requests()[0].fault.as_deref(), Some("lag"));
}

#[test]
fn a_lagging_query_filters_by_what_it_shows() {
    let sandbox = with([]).start().unwrap();
    change(&sandbox, "new@example.com");
    sandbox.add_fault("lag".parse().unwrap()).unwrap();
    let by_id = query(
        &sandbox,
        "{ order_details_by_id(id: 100000001) { contacts_email } }",
    );
    assert!(!by_id.body.contains("new@example.com"), "{}", by_id.body);
    sandbox.clear_faults();
    assert_eq!(emails(&sandbox), ["new@example.com"; 2]);
}

#[test]
fn changes_before_a_snapshot_are_not_undone_by_a_lag() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("account");
    let sandbox = Sandbox::start().unwrap();
    change(&sandbox, "saved@example.com");
    sandbox.save(&file).unwrap();
    let sandbox = with([Fault::lag(HOUR)])
        .snapshot(&file)
        .unwrap()
        .start()
        .unwrap();
    assert_eq!(emails(&sandbox), ["saved@example.com"; 2]);
    change(&sandbox, "new@example.com");
    assert_eq!(emails(&sandbox), ["saved@example.com"; 2]);
}

#[test]
fn a_fault_of_one_source_leaves_the_other_and_the_orders_alone() {
    let sandbox = with([Fault::lag(HOUR).path("reports/query")])
        .start()
        .unwrap();
    let [_, before] = emails(&sandbox);
    change(&sandbox, "new@example.com");
    assert_eq!(emails(&sandbox), ["new@example.com", before.as_str()]);
    let order = get(&sandbox, "order/certificate/100000001").body;
    assert!(order.contains("new@example.com"), "{order}");
}

#[test]
fn a_source_is_cut_after_a_number_of_orders() {
    let sandbox = with([Fault::cut(2)]).start().unwrap();
    let ids = |text: &str| text.matches("\"10000").count();
    assert_eq!(ids(&get(&sandbox, "report/order").body), 2);
    assert_eq!(ids(&get(&sandbox, "report/order?limit=1").body), 1);
    assert_eq!(ids(&query(&sandbox, QUERY).body), 2);
    let sorted = r#"{ order_details(sort: ["id", "DESC"]) { id } }"#;
    insta::assert_snapshot!(query(&sandbox, sorted).body, @r#"{"data":{"order_details":[{"id":"100000014"},{"id":"100000013"}]}}"#);
    let list: Value = serde_json::from_str(&get(&sandbox, "order/certificate").body).unwrap();
    assert_eq!(list["orders"].as_array().unwrap().len(), 14);
}

#[test]
fn a_source_is_cut_in_the_middle_of_a_row() {
    let sandbox = Sandbox::start().unwrap();
    let whole = [get(&sandbox, "report/order"), query(&sandbox, QUERY)];
    for (whole, path) in whole.into_iter().zip(["report/order", "reports/query"]) {
        let bytes = whole.body.len() / 2;
        let cut = Fault::cut_bytes(u32::try_from(bytes).unwrap()).path(path);
        sandbox.add_fault(cut).unwrap();
        let response = match path {
            "report/order" => get(&sandbox, path),
            _ => query(&sandbox, QUERY),
        };
        assert_eq!(
            (response.status, response.body.as_str()),
            (200, &whole.body[..bytes])
        );
    }
}

#[test]
fn a_cut_keeps_whole_characters() {
    let sandbox = with([Fault::cut_bytes(0)]).start().unwrap();
    assert_eq!(get(&sandbox, "report/order").body, "");
    let report = Sandbox::start().unwrap();
    let report = get(&report, "report/order").body;
    let inside = report
        .find('Ё')
        .or_else(|| report.find(|c: char| !c.is_ascii()));
    let inside = inside.unwrap();
    sandbox.clear_faults();
    let cut = u32::try_from(inside + 1).unwrap();
    sandbox.add_fault(Fault::cut_bytes(cut)).unwrap();
    assert_eq!(get(&sandbox, "report/order").body, report[..inside]);
}

#[test]
fn a_source_lags_and_is_cut_at_once() {
    let sandbox = with(["lag=60,rows=1,path=/reports/query/".parse().unwrap()]);
    let sandbox = sandbox.start().unwrap();
    let before = query(&sandbox, QUERY).body;
    change(&sandbox, "new@example.com");
    assert_eq!(query(&sandbox, QUERY).body, before);
    assert_eq!(before.matches("contacts_email").count(), 1);
}

#[test]
fn an_account_lacks_a_source() {
    let sandbox = with([Fault::absent(404)]).start().unwrap();
    assert_eq!(get(&sandbox, "report/order").code(), "404 not_found|route");
    assert_eq!(query(&sandbox, QUERY).code(), "404 not_found|route");
    assert_eq!(get(&sandbox, "order/certificate/100000001").status, 200);
    let sandbox = with([Fault::absent(403).path("report/order"), Fault::absent(200)]);
    let sandbox = sandbox.start().unwrap();
    assert_eq!(
        get(&sandbox, "report/order").code(),
        "403 access_denied|missing_permission"
    );
    insta::assert_snapshot!(query(&sandbox, QUERY).body, @r#"{"errors":[{"message":"The account has no Custom Reports API: a fault of the sandbox.","extensions":{"code":"sandbox_graphql"}}]}"#);
    // The account decides, so the key and the rate limit come first.
    let unknown = send(&sandbox, "unknown-key", "GET", "report/order", "");
    assert_eq!(
        unknown.code(),
        "403 access_denied|access_denied_invalid_key"
    );
    assert_eq!(sandbox.state()["keys"][0]["windows"][0]["used"], 2);
}

#[test]
fn any_fault_can_be_limited_to_a_path() {
    let sandbox = with([Fault::status(503).path("user/me")]).start().unwrap();
    assert_eq!(get(&sandbox, "user/me/").status, 503);
    assert_eq!(get(&sandbox, "report/order").status, 200);
}

#[test]
fn an_invalid_fault_of_a_source_has_a_clear_error() {
    let texts = [
        "cut",
        "cut=-1",
        "lag=-1",
        "lag=31536001",
        "absent=500",
        "lag,path=user/me",
        "absent,path=order/certificate",
        "cut=1,order=7",
        "close,rows=1",
        "cut=1,seconds=1",
    ];
    let errors = texts.map(|text| format!("{text}\n    {}", text.parse::<Fault>().unwrap_err()));
    insta::assert_snapshot!(errors.join("\n"), @"
    cut
        the action `cut` needs a number of `rows` or of `bytes`
    cut=-1
        `rows`: invalid value: integer `-1`, expected a non-negative whole number
    lag=-1
        `seconds` must be from 0 to 31536000
    lag=31536001
        `seconds` must be from 0 to 31536000
    absent=500
        `status` must be 200, 403 or 404
    lag,path=user/me
        the action `lag` acts on `report/order` and `reports/query` only, not on another `path`
    absent,path=order/certificate
        the action `absent` acts on `report/order` and `reports/query` only, not on another `path`
    cut=1,order=7
        the action `cut` takes no `orders`
    close,rows=1
        the action `close` takes no `rows`
    cut=1,seconds=1
        the action `cut` takes no `seconds`
    ");
}
