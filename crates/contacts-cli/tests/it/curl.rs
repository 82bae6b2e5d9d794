//! DigiCert's documented cURL request against `digicert-contacts sandbox`, with only host,
//! order id and key replaced.

use std::process::Command;

use crate::process::{Served, command};

const BODY: &str = r#"{
    "contacts": [
        {
            "first_name": "John",
            "last_name": "Doe",
            "email": "john.doe@example.com",
            "job_title": "SRE",
            "telephone": "1234567890",
            "language_id": "1",
            "contact_type": "organization_contact"
        },
        {
            "first_name": "Jane",
            "last_name": "Doe",
            "email": "jane.doe@example.com",
            "job_title": "SRE",
            "telephone": "1234567890",
            "language_id": "1",
            "contact_type": "technical_contact"
        }
    ]
}"#;

#[test]
fn the_documented_curl_request_changes_the_order() {
    let sandbox = Served::start();
    let url = format!("{}/order/certificate/100000001/contact", sandbox.base_url);
    let output = Command::new("curl")
        .args(["--request", "PUT", &url])
        .args(["--header", &format!("X-DC-DEVKEY: {}", sandbox.api_key)])
        .args(["--header", "Content-Type: application/json"])
        .args(["--data-raw", BODY])
        .args([
            "--silent",
            "--show-error",
            "--noproxy",
            "*",
            "--write-out",
            "%{http_code}",
        ])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "204", "{output:?}");

    let got = command()
        .args(["get", "100000001", "--base-url", &sandbox.base_url])
        .env("DIGICERT_API_KEY", &sandbox.api_key)
        .output()
        .unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&got.stdout), @"
    order 100000001  www.example.com  issued  Standard SSL
      organization_contact
        first_name   John
        last_name    Doe
        email        john.doe@example.com
        job_title    SRE
        telephone    1234567890
      technical_contact
        first_name   Jane
        last_name    Doe
        email        jane.doe@example.com
        job_title    SRE
        telephone    1234567890
    ");
}
