//! The demo account has every variant of an order that matters.

use contacts_sandbox::Sandbox;
use serde_json::Value;

fn orders() -> Vec<Value> {
    let sandbox = Sandbox::start().unwrap();
    (100_000_001..).map_while(|id| sandbox.order(id)).collect()
}

#[test]
fn the_demo_account_has_every_variant_of_an_order() {
    let orders = orders();
    assert!(orders.len() >= 12, "{}", orders.len());
    let has = |variant: &str, test: &dyn Fn(&Value) -> bool| {
        assert!(orders.iter().any(test), "{variant}");
    };
    for validation in ["ov", "ev", "dv"] {
        has(validation, &|order| {
            order["product"]["validation_type"] == validation
        });
    }
    has("unknown validation type", &|order| {
        order["product"]["validation_type"].is_null()
    });
    has("pending", &|order| order["status"] == "pending");
    has("issued", &|order| order["status"] == "issued");
    has("without technical contact", &|order| {
        order.get("technical_contact").is_none()
    });
    has("equal contacts", &|order| {
        order["technical_contact"] == order["organization_contact"]
    });
    has("not ASCII", &|order| {
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
