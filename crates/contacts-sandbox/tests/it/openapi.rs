//! The description and the server name the same paths; schemathesis tests the rest from Python.

use contacts_sandbox::Sandbox;
use serde_json::Value;

use crate::client::{exchange, send};

#[test]
fn every_described_path_is_served_by_the_described_methods_alone() {
    let sandbox = Sandbox::start().unwrap();
    // No key is needed for it.
    let request = b"GET /openapi.json HTTP/1.1\r\nconnection: close\r\n\r\n";
    let answer = exchange(sandbox.address(), request);
    let described: Value = serde_json::from_str(&answer.body).unwrap();
    let paths = described["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 6);
    for (path, operations) in paths {
        let path = path
            .replace("{order_id}", "100000001")
            .replace("{order}", "100000001")
            .replace("{certificate_id}", "600000001");
        for method in ["get", "put", "post", "delete", "patch"] {
            let answer = send(
                &sandbox,
                sandbox.api_key(),
                &method.to_uppercase(),
                path.trim_start_matches('/'),
                "{}",
            );
            let served = answer.status != 405 && answer.status != 404;
            let described = operations.get(method).is_some();
            assert_eq!(served, described, "{method} {path}: {}", answer.status);
        }
    }
}
