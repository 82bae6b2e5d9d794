//! The demo account holds every kind of order that matters.

use contacts_sandbox::Sandbox;
use serde_json::Value;

fn orders() -> Vec<Value> {
    let sandbox = Sandbox::start().unwrap();
    (100_000_001..).map_while(|id| sandbox.order(id)).collect()
}

#[test]
fn the_demo_account_has_every_kind_of_order() {
    let orders = orders();
    assert!(orders.len() >= 12, "{}", orders.len());
    let any =
        |what: &str, test: &dyn Fn(&Value) -> bool| assert!(orders.iter().any(test), "{what}");
    for kind in ["ov", "ev", "dv"] {
        any(kind, &|order| order["product"]["validation_type"] == kind);
    }
    any("unknown validation type", &|order| {
        order["product"]["validation_type"].is_null()
    });
    any("pending", &|order| order["status"] == "pending");
    any("issued", &|order| order["status"] == "issued");
    any("without technical contact", &|order| {
        order.get("technical_contact").is_none()
    });
    any("equal contacts", &|order| {
        order["technical_contact"] == order["organization_contact"]
    });
    any("not ASCII", &|order| {
        !order["technical_contact"].to_string().is_ascii()
    });
}

#[test]
fn a_dv_order_has_no_organization_contact() {
    for order in orders() {
        let dv = order["product"]["validation_type"] == "dv";
        assert_eq!(
            order.get("organization_contact").is_none(),
            dv,
            "{}",
            order["id"]
        );
    }
}
