//! `audit`.

use contacts_cli::Exit;
use contacts_sandbox::{Account, Sandbox};
use serde_json::{Value, json};

use crate::files::Files;
use crate::run::{run, run_against};

/// Orders with a contact that left, one of another domain, one with another name and one without.
fn account() -> Account {
    let mut account = Account::demo();
    let contact = |first: &str, last: &str, email: &str| json!({"first_name": first, "last_name": last, "email": email});
    let order = |id: u64, contact: Value| {
        json!({"id": id, "status": "issued", "certificate": {"common_name": format!("w{id}.example.org")},
            "product": {"name_id": "ssl_plus", "validation_type": "ov"}, "technical_contact": contact,
            "organization_contact": {"first_name": "Olivia", "last_name": "Office", "email": "office@example.org"}})
    };
    for (id, technical) in [
        (1, contact("Jane", "Doe", "jane.doe@example.org")),
        (2, contact("Jane", "Doe", "jane.doe@example.org")),
        (3, contact("Jayne", "Doe", "jane.doe@example.org")),
        (4, contact("Jane", "Doe", "jane.deo@example.org")),
        (5, contact("Web", "Team", "certs@partner.example")),
        (6, Value::Null),
    ] {
        account.add_order(id, order(id, technical));
    }
    account
}

const OPTIONS: [&str; 6] = [
    "--role-mailbox",
    "technical_contact",
    "--allowed-domains",
    "example.org,*.example.com,example.com",
    "--columns",
    "order_id,contact_type,email",
];

#[test]
fn contacts_that_look_wrong_are_listed_with_the_reason() {
    let sandbox = Sandbox::builder().account(account()).start().unwrap();
    let files = Files::new();
    let people = "Mail;Enabled\njane.doe@example.org;TRUE\noffice@example.org;FALSE\n";
    let people = files.with("people.csv", people);
    let args = [
        &["audit", "--directory", &people, "--detailed-exitcode"],
        &OPTIONS[..],
    ]
    .concat();
    let ran = run_against(&sandbox, &args);
    assert_eq!(ran.exit, Exit::ChangesPending);
    let shown: Vec<_> = ran
        .stdout
        .lines()
        .filter(|line| !line.starts_with("1000000"))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @"
    ORDER ID   CONTACT TYPE          EMAIL                       REASON
    1          organization_contact  office@example.org          not active in the directory
    1          technical_contact     jane.doe@example.org        a personal mailbox
    2          organization_contact  office@example.org          not active in the directory
    2          technical_contact     jane.doe@example.org        a personal mailbox
    3          organization_contact  office@example.org          not active in the directory
    3          technical_contact     jane.doe@example.org        a personal mailbox; most contacts with this address have another name
    4          organization_contact  office@example.org          not active in the directory
    4          technical_contact     jane.deo@example.org        not in the directory; a personal mailbox; most contacts with this name have another address
    5          organization_contact  office@example.org          not active in the directory
    5          technical_contact     certs@partner.example       not in the directory; the domain of the address is not allowed
    6          organization_contact  office@example.org          not active in the directory
    6          technical_contact                                 missing
    ");
    insta::assert_snapshot!(ran.stderr, @"38 contacts with findings, in 20 of 20 orders; different e-mail addresses of all contacts: 11");
    let export = files.path("export.csv");
    run_against(&sandbox, &["export", "-o", &export]);
    let requests = sandbox.requests().len();
    let offline = run_against(&sandbox, &[&args, &["--state", &export][..]].concat());
    assert_eq!(sandbox.requests().len(), requests);
    let missing = |stdout: &str| {
        stdout
            .lines()
            .filter(|line| line.ends_with(" missing"))
            .count()
    };
    let without = |stdout: &str| {
        let lines = stdout.lines().filter(|line| !line.ends_with(" missing"));
        lines
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(without(&offline.stdout), without(&ran.stdout));
    assert!(
        missing(&offline.stdout) <= missing(&ran.stdout),
        "an export has no rows of DV orders"
    );
}

#[test]
fn the_csv_of_an_audit_is_an_input_to_correct() {
    let sandbox = Sandbox::builder().account(account()).start().unwrap();
    let files = Files::new();
    let ran = run_against(&sandbox, &["audit", "--output", "csv"]);
    let rows: Vec<_> = ran
        .stdout
        .lines()
        .filter(|line| !line.starts_with("1000000"))
        .collect();
    insta::assert_snapshot!(rows.join("\n"), @"
    order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id,common_name,status,product,reason
    3,technical_contact,Jayne,Doe,jane.doe@example.org,,,,w3.example.org,issued,ssl_plus,most contacts with this address have another name
    4,technical_contact,Jane,Doe,jane.deo@example.org,,,,w4.example.org,issued,ssl_plus,most contacts with this name have another address
    6,technical_contact,,,,,,,w6.example.org,issued,ssl_plus,missing
    ");
    let input = files.with("wrong.csv", &format!("{}\n{}\n", rows[0], rows[1]));
    assert_eq!(run(&["check", &input]).exit, Exit::Done);
}

#[test]
fn an_audit_is_one_json_document_and_one_page() {
    let sandbox = Sandbox::builder().account(account()).start().unwrap();
    let files = Files::new();
    let page = files.path("audit.html");
    let ran = run_against(&sandbox, &["audit", "--json", "--html", &page]);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.exit, &document["orders"]), (Exit::Done, &json!(20)));
    let contacts = document["contacts"].as_array().unwrap().iter();
    let missing = contacts.filter(|contact| contact["findings"] == json!(["missing"]));
    assert!(
        missing
            .clone()
            .any(|contact| contact["order_id"] == "6" && contact["contact"].is_null())
    );
    let html = files.text("audit.html");
    assert_eq!(
        html.matches("<tr><td>").count(),
        document["contacts"].as_array().unwrap().len()
    );
    assert!(
        html.contains("<td>3</td>")
            && html.contains("most contacts with this address have another name")
    );
}

#[test]
fn a_directory_can_be_json_lines_or_ldif() {
    let files = Files::new();
    let export = files.with(
        "export.csv",
        "order_id,contact_type,first_name,last_name,email\n\
        7,technical_contact,Jane,Doe,jane@example.com\n8,technical_contact,Zoë,Ö,zoe@example.com\n",
    );
    let audit = |directory: &str| {
        let ran = run(&[
            "audit",
            "--state",
            &export,
            "--directory",
            directory,
            "--columns",
            "order_id",
        ]);
        assert_eq!(ran.exit, Exit::Done, "{ran}");
        ran.stdout
            .split_once('\n')
            .map(|(_, rows)| rows.trim_end().to_owned())
            .unwrap_or_default()
    };
    let json = files.with(
        "people.jsonl",
        "{\"email\": [\"JANE@example.com\"], \"active\": true}\n\n\
        {\"mail\": \"zoe@example.com\", \"accountEnabled\": false}\n",
    );
    insta::assert_snapshot!(audit(&json), @"8         not active in the directory");
    let ldif = files.with("people.ldif", "version: 1\n# people\ndn: cn=Jane,dc=example,dc=com\nproxyAddresses: SMTP:jane@exam\n ple.com\n\
        jpegPhoto:: /9j/4AA=\nuserAccountControl: 512\n\ndn:: Y249Wm/Dqw==\nmail:: em9lQGV4YW1wbGUuY29t\nnsAccountLock: TRUE\n");
    insta::assert_snapshot!(audit(&ldif), @"8         not active in the directory");
}

#[test]
fn a_directory_that_cannot_be_understood_is_rejected() {
    let files = Files::new();
    let export = files.with(
        "export.csv",
        "order_id,contact_type,first_name,last_name,email\n\
        7,technical_contact,Jane,Doe,jane@example.com\n",
    );
    let wrong = [
        ("a.csv", "name,active\nJane,yes\n"),
        ("b.csv", "mail,active\njane@example.com,maybe\n"),
        ("c.csv", "mail,active\njane@example.com\n"),
        ("d.jsonl", "{\"mail\": \"a@example.com\"}\n[1]\n"),
        ("e.ldif", "dn: cn=Jane\nmail jane@example.com\n"),
        ("f.ldif", "dn: cn=Jane\nmail:: ?\n"),
        ("g.csv", "mail\n"),
        (
            "h.csv",
            "sep=;\r\nmail;active\r\n\r\njane@example.com;maybe\r\n",
        ),
        ("i.json", "[\n{\"mail\": \"jane@example.com\"}]\n"),
        ("j.csv", "m\0a\0i\0l\0\n\0"),
    ];
    let errors = wrong.map(|(name, text)| {
        let directory = files.with(name, text);
        files.hide(&run(&["audit", "--state", &export, "--directory", &directory]).stderr)
    });
    insta::assert_snapshot!(errors.join(""), @"
    error: cannot read `[folder]/a.csv`: line 1: no column with e-mail addresses; name it `mail` or `email`
    error: cannot read `[folder]/b.csv`: line 2: active: expected yes or no, true or false, active or inactive
    error: cannot read `[folder]/c.csv`: line 2: 1 cell, but the header has 2
    error: cannot read `[folder]/d.jsonl`: line 2: not a JSON object; write one on each line
    error: cannot read `[folder]/e.ldif`: line 2: not LDIF; expected an attribute such as `mail: robin@example.com`
    error: cannot read `[folder]/f.ldif`: line 2: not Base64 after `::`
    error: cannot read `[folder]/g.csv`: line 1: the file has no e-mail addresses
    error: cannot read `[folder]/h.csv`: line 4: active: expected yes or no, true or false, active or inactive
    error: cannot read `[folder]/i.json`: line 1: a JSON array; write one object on each line, without `[`, `]` and commas between them
    error: cannot read `[folder]/j.csv`: line 1: the file is UTF-16; save it as CSV UTF-8
    ");
    let ran = run(&[
        "audit",
        "--state",
        &export,
        "--allowed-domains",
        "@example.com",
    ]);
    insta::assert_snapshot!(ran.stderr, @"error: --allowed-domains: expected a domain such as `example.com`, or `*.example.com` for all below it");
}

#[test]
fn a_directory_can_be_what_other_programs_write() {
    let files = Files::new();
    let export = files.with(
        "export.csv",
        "order_id,contact_type,first_name,last_name,email\n\
        7,technical_contact,Jane,Doe,jane@example.com\n8,technical_contact,Zo\u{eb},\u{d6},zoe@example.com\n",
    );
    let directories = [
        // A spreadsheet in German.
        "\u{feff}sep=;\r\nE-Mail;Enabled;\r\njane@example.com;WAHR;\r\nzoe@example.com;FALSCH;;\r\n;;\r\n",
        // PowerShell.
        "#TYPE Microsoft.ActiveDirectory.Management.ADUser\r\n\"EmailAddress\",\"Enabled\"\r\n\
        \"jane@example.com\",\"True\"\r\n\"zoe@example.com\",\"False\"\r\n",
        // Google, and csvde.
        "Email Address [Required],Status [READ ONLY]\njane@example.com,Active\nzoe@example.com,Suspended\n",
        "proxyAddresses,accountEnabled\nSMTP:j@example.com;smtp:jane@example.com,TRUE\n\
        Zoe <zoe@example.com>,FALSE\n",
        // ldapsearch.
        "# extended LDIF\r\n#\r\n\r\n# jane, people\r\ndn: uid=jane\r\nmail: jane@example.com\r\n\r\n\
        dn: uid=zoe\r\nmail: zoe@exam\r\n ple.com\r\nnsAccountLock: true\r\n\r\nsearch: 2\r\n",
    ];
    for directory in directories {
        let people = files.with("people", directory);
        let args = ["audit", "--state", &export, "--directory", &people];
        let ran = run(&[&args[..], &["--columns", "order_id"]].concat());
        let found: Vec<_> = ran.stdout.lines().skip(1).collect();
        assert_eq!(
            found,
            ["8         not active in the directory"],
            "{directory}: {ran}"
        );
    }
}

#[test]
fn the_mailbox_of_a_team_is_not_personal() {
    let files = Files::new();
    let export = files.with(
        "export.csv",
        "order_id,contact_type,first_name,last_name,email\n\
        7,technical_contact,Web,Team,web@example.com\n\
        8,technical_contact,PKI,IT-Support,pki@example.com\n\
        9,technical_contact,Robin,Leaver,robin@example.com\n",
    );
    let args = [
        "audit",
        "--state",
        &export,
        "--role-mailbox",
        "technical_contact",
    ];
    let ran = run(&[&args[..], &["--columns", "order_id"]].concat());
    let found: Vec<_> = ran.stdout.lines().skip(1).collect();
    assert_eq!(found, ["9         a personal mailbox"]);
}
