//! Profiles, and where the settings of a connection come from.

use contacts_cli::{Exit, Io};
use contacts_sandbox::Sandbox;

use crate::files::Files;
use crate::run::{Ran, example, run_on};

const EXPORT: &str = "order_id,contact_type,first_name,last_name,email\n\
                      100000001,technical_contact,Robin,Leaver,robin@example.com\n";

/// Runs a command with a configuration file and variables.
fn run(config: &str, variables: &[(&str, &str)], args: &[&str]) -> Ran {
    let files = Files::new();
    let config = files.with("config.toml", config);
    let mut ran = run_on(io(&config, variables), args);
    ran.stderr = files.hide(&ran.stderr);
    ran
}

fn io<'a>(config: &'a str, variables: &'a [(&str, &str)]) -> Io<'a> {
    Io::for_tests().with_environment(move |name| {
        if name == "DIGICERT_CONFIG_FILE" {
            return Some(config.to_owned());
        }
        let variable = variables.iter().find(|(variable, _)| *variable == name);
        variable.map(|(_, value)| (*value).to_owned())
    })
}

/// The server that a command would use, from a plan without a request.
fn server(config: &str, variables: &[(&str, &str)], args: &[&str]) -> String {
    let files = Files::new();
    let (input, export) = (
        files.with("input.csv", EXPORT),
        files.with("export.csv", EXPORT),
    );
    let plan = files.path("plan.json");
    let all = [&["plan", &input, "--state", &export, "-o", &plan], args].concat();
    let ran = run(config, variables, &all);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let plan: serde_json::Value = serde_json::from_slice(&std::fs::read(plan).unwrap()).unwrap();
    let url = plan["base_url"].as_str().unwrap();
    url.trim_start_matches("https://")
        .split('/')
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn an_option_comes_before_the_environment_and_the_environment_before_a_profile() {
    const US: &str = "www.digicert.com";
    const EU: &str = "certcentral.digicert.eu";
    const CONFIG: &str = "[default]\nregion = \"eu\"\n\
                          [other]\nbase_url = \"https://other.example.com/v2\"\n[empty]\n";
    let eu = &[("DIGICERT_REGION", "eu")][..];
    let us = &[("DIGICERT_REGION", "us")][..];
    let url = &[("DIGICERT_BASE_URL", "https://variable.example.com/v2")][..];
    let other = &[("DIGICERT_PROFILE", "other")][..];
    for (config, variables, args, expected) in [
        ("", &[][..], &[][..], US),
        ("", eu, &[], EU),
        ("", eu, &["--region", "us"], US),
        ("", url, &[], "variable.example.com"),
        ("", url, &["--region", "eu"], EU),
        (CONFIG, url, &[], "variable.example.com"),
        (
            "",
            eu,
            &["--base-url", "https://flag.example.com"],
            "flag.example.com",
        ),
        (CONFIG, &[], &[], EU),
        (CONFIG, us, &[], US),
        (CONFIG, us, &["--profile", "other"], US),
        (CONFIG, &[], &["--profile", "other"], "other.example.com"),
        (CONFIG, other, &[], "other.example.com"),
        (CONFIG, other, &["--profile", "empty"], US),
        (CONFIG, other, &["--region", "eu"], EU),
        (
            CONFIG,
            &[("DIGICERT_PROFILE", ""), ("DIGICERT_REGION", "")],
            &[],
            EU,
        ),
    ] {
        assert_eq!(
            server(config, variables, args),
            expected,
            "{config:?} {variables:?} {args:?}"
        );
    }
}

#[test]
fn a_profile_names_the_server_the_key_and_the_limits() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    files.with("key", &format!("{}\n", sandbox.api_key()));
    let config = files.with(
        "config.toml",
        &format!(
            "[sandbox]\nbase_url = \"{}\"\napi_key_file = \"key\"\nrate_limits = [\"off\"]\n\
             timeout = 20\nconnect_timeout = 2.5\nproxy = \"direct\"\n",
            sandbox.base_url()
        ),
    );
    let args = ["get", "100000001", "--profile", "sandbox"];
    let ran = run_on(io(&config, &[]), &args);
    assert_eq!(
        ran.exit,
        Exit::Done,
        "the path is relative to the file: {ran}"
    );
    let key = [("DIGICERT_API_KEY", "Marker-4711")];
    let ran = run_on(io(&config, &key), &args);
    assert_eq!(
        ran.exit,
        Exit::KeyRejected,
        "the environment comes first: {ran}"
    );

    let journal = files.path("run.jsonl");
    let args = [
        "apply",
        &example("contacts.csv"),
        "-y",
        "--journal",
        &journal,
    ];
    let ran = run_on(io(&config, &[("DIGICERT_PROFILE", "sandbox")]), &args);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let with_profile = [&args[..2], &["-y", "--profile", "sandbox", "--limit", "1"]].concat();
    let resume = files.path("again.jsonl");
    let ran = run_on(
        io(&config, &[]),
        &[&with_profile[..], &["--journal", &resume]].concat(),
    );
    assert_eq!(ran.exit, Exit::Done, "{ran}");
}

#[cfg(unix)]
#[test]
fn the_key_comes_from_a_command() {
    let sandbox = Sandbox::start().unwrap();
    let base_url = sandbox.base_url();
    let key = format!("echo {}", sandbox.api_key());
    let args = ["get", "100000001", "--base-url", &base_url];
    let ran = run(
        "",
        &[("DIGICERT_API_KEY", "x")],
        &[&args[..], &["--api-key-command", &key]].concat(),
    );
    assert_eq!(ran.exit, Exit::Done, "{ran}");

    let config = format!("[default]\napi_key_command = \"{key}\"\n");
    let ran = run(&config, &[], &args);
    assert_eq!(ran.exit, Exit::Done, "{ran}");

    let config =
        "[default]\napi_key_command = \"echo Marker-4711; echo no Marker-4711 >&2; false\"\n";
    let ran = run(config, &[], &args);
    assert_eq!(ran.exit, Exit::Usage);
    insta::assert_snapshot!(ran.stderr, @"
    error: the API key command failed: exit status: 1
      no [redacted]
    ");
}

#[test]
fn an_unusable_profile_is_an_error_before_any_request() {
    let config = "[default]\nregion = \"eu\"\n[test]\n";
    let key = ("DIGICERT_API_KEY", "key");
    let errors = [
        run(config, &[key], &["whoami", "--profile", "tset"]),
        run("", &[key], &["whoami", "--profile", "test"]),
        run(config, &[key, ("DIGICERT_REGION", "europe")], &["whoami"]),
        run(
            config,
            &[key, ("DIGICERT_BASE_URL", "http://a.example")],
            &["whoami"],
        ),
        run("api_key = \"Marker-4711\"", &[], &["whoami"]),
        run("[default]\napi_key = \"Marker-4711\"", &[], &["whoami"]),
        run_on(io("no/such/file", &[]), &["whoami"]),
        run(config, &[], &["whoami", "--sandbox", "--profile", "test"]),
    ];
    let errors = errors.iter().map(|ran| {
        assert_eq!(ran.exit, Exit::Usage, "{ran}");
        ran.stderr.as_str()
    });
    insta::assert_snapshot!(errors.collect::<String>(), @"
    error: no profile `tset`: `[folder]/config.toml` has default, test
    error: no profile `test`: `[folder]/config.toml` has no profile
    error: DIGICERT_REGION: expected `us` or `eu`
    error: invalid DIGICERT_BASE_URL: invalid base URL: http is allowed for loopback only; use https
    error: `[folder]/config.toml`: `api_key` belongs in a profile, such as below a line `[default]`; the API key does not belong in this file: use `api_key_file` or `api_key_command`
    error: `[folder]/config.toml`: profile `default`: unknown setting `api_key`; the API key does not belong in this file: use `api_key_file` or `api_key_command`
    error: cannot read `no/such/file`: No such file or directory (os error 2)
    error: the argument '--sandbox' cannot be used with '--profile <NAME>'

    Usage: digicert-contacts whoami --sandbox

    For more information, try '--help'.
    ");
}

#[test]
fn a_sandbox_needs_no_profile() {
    let ran = run(
        "not TOML",
        &[("DIGICERT_REGION", "?")],
        &["whoami", "--sandbox"],
    );
    assert_eq!(ran.exit, Exit::Done, "{ran}");
}

#[cfg(unix)]
#[test]
fn the_file_is_in_the_folder_for_settings() {
    let files = Files::new();
    std::fs::create_dir(files.path("digicert-contacts")).unwrap();
    files.with(
        "digicert-contacts/config.toml",
        "[default]\nregion = \"mars\"\n",
    );
    let mut command = crate::process::command();
    command
        .env_remove("DIGICERT_CONFIG_FILE")
        .env("XDG_CONFIG_HOME", files.path(""));
    let ran = command.arg("whoami").output().unwrap();
    let stderr = String::from_utf8(ran.stderr).unwrap();
    assert!(
        stderr.contains("digicert-contacts/config.toml`: profile `default`: `region`"),
        "{stderr}"
    );
}

#[test]
fn the_documented_profiles_are_valid() {
    let page = format!("{}/../../docs/cli.md", env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(page).unwrap();
    let config = page.split("```toml\n").nth(1).unwrap();
    let config = config.split("```").next().unwrap();
    let server = server(config, &[], &["--profile", "europe"]);
    assert_eq!(server, "certcentral.digicert.eu");
}
