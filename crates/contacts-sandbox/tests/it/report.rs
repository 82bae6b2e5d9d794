//! The order report.

use contacts_sandbox::Sandbox;

use crate::client::{get, put};

/// The order ids of the rows.
fn ids(sandbox: &Sandbox, query: &str) -> Vec<u64> {
    let report = get(sandbox, &format!("report/order{query}")).body;
    let id = |line: &str| {
        line.strip_prefix('"')?
            .split_once('"')?
            .0
            .parse::<u64>()
            .ok()
    };
    report
        .lines()
        .filter_map(id)
        .map(|id| id - 100_000_000)
        .collect()
}

#[test]
fn the_report_has_a_row_for_each_order() {
    let sandbox = Sandbox::start().unwrap();
    let report = get(&sandbox, "report/order?limit=2").body;
    insta::assert_snapshot!(report, @r#"
    order_id,customer_order_id,date_created,container_id,container_name,status,user_id,organization_id,organization_name,organization_address_1,organization_address_2,organization_city,organization_state,organization_country,organization_unit,tech_first_name,tech_last_name,tech_email,tech_title,tech_telephone,server_type,issuing_ca,agreement_id,validity_years,signature_hash,dcv_method,common_name,plus_feature,dns_names,product_id,product_name_id,product_name,product_type,email,csr,valid_from,valid_till,certificate_tracker_id,is_renewed,renewed_order_id,receipt_id,disable_issuance_email,pay_type,is_out_of_contract,disable_renewal_notifications,additional_emails,auto_renew,custom_renewal_message,thumbprint,serial_number,account_id,user_first_name,user_last_name,user_email,user_assignments,cost,metadata,has_duplicates
    "100000001","","2026-02-11 09:00:00","1","Sandbox","issued","","1","Example Corp","","","","","","","Robin","Leaver","robin.leaver@example.com","Platform Engineer","+1 555 0100","","","","1","sha256","","www.example.com","","www.example.com","","ssl_plus","Standard SSL","ssl_certificate","","-----BEGIN CERTIFICATE REQUEST-----
    Tk8gUkVBTCBDU1I6IFRISVMgSVMgQSBTQU5EQk9Y
    -----END CERTIFICATE REQUEST-----
    ","2026-02-11 00:00:00","2027-03-14 00:00:00","600000001","","","","","","","","","","","7D3A0C5E9B1F42866D4E0A17C2B95F3380E6D1A4","0A1B2C3D4E5F60718293A4B5C6D7E8F9","1","","","","","","",""
    "100000002","","2026-03-12 09:00:00","1","Sandbox","issued","","1","Example Corp","","","","","","","Robin","Leaver","robin.leaver@example.com","Platform Engineer","+1 555 0100","","","","1","sha256","","shop.example.com","","shop.example.com","","ssl_ev_plus","Extended Validation SSL","ssl_certificate","","","2026-03-12 00:00:00","2027-04-12 00:00:00","600000002","","","","","","","","","","","1F60B2C9D84E7A351C0D9E6B25F7A8430C9E1B72","00112233445566778899001122334455","1","","","","","","",""
    "#);
    assert_eq!(
        get(&sandbox, "report/order?offset=14").body.lines().count(),
        1
    );
    // One of the values has three line breaks.
    assert_eq!(
        get(&sandbox, "report/order").body.lines().count(),
        1 + 14 + 3
    );
}

#[test]
fn the_report_has_the_current_technical_contact() {
    let sandbox = Sandbox::start().unwrap();
    let body = r#"{"contacts":[{"contact_type":"technical_contact","first_name":"A \"B\"",
        "last_name":"C,D","email":"a@b.c"}]}"#;
    assert_eq!(put(&sandbox, 100_000_003, body).status, 204);
    let report = get(&sandbox, "report/order?offset=2&limit=1").body;
    let row = r#","A ""B""","C,D","a@b.c","Platform Engineer","+1 555 0100","#;
    assert!(report.contains(row), "{report}");
}

#[test]
fn the_report_has_limit_and_offset() {
    let sandbox = Sandbox::start().unwrap();
    assert_eq!(ids(&sandbox, "?limit=2&offset=3"), [4, 5]);
    assert_eq!(ids(&sandbox, "?limit=100001").len(), 14);
    assert!(ids(&sandbox, "?limit=0").is_empty());
}

#[test]
fn the_report_has_the_documented_filters() {
    let sandbox = Sandbox::start().unwrap();
    for (filter, expected) in [
        ("id=100000007", vec![7]),
        ("status=pending", vec![4]),
        ("common_name=cdn.example.com", vec![10]),
        ("product_name_id=ssl_ev_plus", vec![2, 7]),
        ("date_created=2026-02-01...2026-02-28", vec![1, 10]),
        ("valid_till=<2027-01-01", vec![13]),
        ("is_renewed=1", vec![]),
        ("user_id=1", vec![]),
        ("container_id=2", vec![]),
    ] {
        assert_eq!(
            ids(
                &sandbox,
                &format!("?filters[{filter}").replacen('=', "]=", 1)
            ),
            expected
        );
    }
    let ov = ids(&sandbox, "?filters[organization_id]=1&limit=3&offset=1");
    assert_eq!(ov, [2, 4, 5], "pages are of the filtered orders");
    assert_eq!(
        ids(
            &sandbox,
            "?filters[status][0]=pending&filters[status][1]=expired"
        ),
        [4, 13]
    );
    for of_the_list in ["search", "email", "domain_name", "certificate_id", "origin"] {
        let code = get(&sandbox, &format!("report/order?filters[{of_the_list}]=x")).code();
        assert_eq!(code, "400 sandbox_query_invalid", "{of_the_list}");
    }
}
