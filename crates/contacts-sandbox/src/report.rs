//! `GET /report/order`: one row for each order, as CSV. Seen in an older set of DigiCert's
//! documentation; whether it is still served is unknown.

use serde_json::Value;

use crate::account::Account;
use crate::answer::Answer;
use crate::csv;
use crate::list::number;
use crate::order::Order;

const DEFAULT_LIMIT: usize = 50_000;
const LARGEST_LIMIT: usize = 100_000;

/// The columns in DigiCert's order, and where their values stand in an order. How DigiCert writes
/// what is marked as empty is unknown, and this sandbox holds nothing for it.
const COLUMNS: [(&str, &str); 58] = [
    ("order_id", "/id"),
    ("customer_order_id", ""),
    ("date_created", "/date_created"),
    ("container_id", "/container/id"),
    ("container_name", "/container/name"),
    ("status", "/status"),
    ("user_id", "/user/id"),
    ("organization_id", "/organization/id"),
    ("organization_name", "/organization/name"),
    ("organization_address_1", ""),
    ("organization_address_2", ""),
    ("organization_city", "/organization/city"),
    ("organization_state", "/organization/state"),
    ("organization_country", "/organization/country"),
    ("organization_unit", ""),
    ("tech_first_name", "/technical_contact/first_name"),
    ("tech_last_name", "/technical_contact/last_name"),
    ("tech_email", "/technical_contact/email"),
    ("tech_title", "/technical_contact/job_title"),
    ("tech_telephone", "/technical_contact/telephone"),
    ("server_type", "/certificate/server_platform/id"),
    ("issuing_ca", "/certificate/ca_cert/name"),
    ("agreement_id", ""),
    ("validity_years", "/validity_years"),
    ("signature_hash", "/certificate/signature_hash"),
    ("dcv_method", ""),
    ("common_name", "/certificate/common_name"),
    ("plus_feature", ""),
    ("dns_names", "/certificate/dns_names"),
    ("product_id", ""),
    ("product_name_id", "/product/name_id"),
    ("product_name", "/product/name"),
    ("product_type", "/product/type"),
    ("email", ""),
    ("csr", "/certificate/csr"),
    ("valid_from", "/certificate/valid_from"),
    ("valid_till", "/certificate/valid_till"),
    ("certificate_tracker_id", "/certificate/id"),
    ("is_renewed", "/is_renewed"),
    ("renewed_order_id", ""),
    ("receipt_id", ""),
    ("disable_issuance_email", ""),
    ("pay_type", ""),
    ("is_out_of_contract", ""),
    (
        "disable_renewal_notifications",
        "/disable_renewal_notifications",
    ),
    ("additional_emails", ""),
    ("auto_renew", ""),
    ("custom_renewal_message", ""),
    ("thumbprint", "/certificate/thumbprint"),
    ("serial_number", "/certificate/serial_number"),
    ("account_id", ""),
    ("user_first_name", "/user/first_name"),
    ("user_last_name", "/user/last_name"),
    ("user_email", "/user/email"),
    ("user_assignments", ""),
    ("cost", ""),
    ("metadata", ""),
    ("has_duplicates", "/has_duplicates"),
];

pub(crate) fn answer(account: &Account, query: &str) -> Answer {
    let (mut offset, mut limit) = (0, DEFAULT_LIMIT);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let place = match &*name {
            "offset" => &mut offset,
            "limit" => &mut limit,
            _ => continue,
        };
        match number(&name, &value) {
            Ok(number) => *place = number,
            Err(answer) => return answer,
        }
    }
    let mut text = csv::header(COLUMNS.iter().map(|(name, _)| *name));
    let orders = account.orders().skip(offset).take(limit.min(LARGEST_LIMIT));
    for order in orders {
        row(&mut text, order);
    }
    Answer::csv(text)
}

fn row(text: &mut String, order: &Order) {
    let order = order.whole();
    let cell = |at: &str| match at {
        // The empty pointer is the whole order.
        "" => String::new(),
        at => csv::cell(Value::pointer(&order, at)),
    };
    csv::row(text, COLUMNS.iter().map(|(_, at)| cell(at)));
}
