//! What a call logs.

use std::cell::RefCell;
use std::sync::Once;
use std::time::Duration;

use contacts_http::{Client, RateLimit, Retry};
use log::{LevelFilter, Log, Metadata, Record};

use crate::resolve::{Put, order_server};
use crate::server::{Server, client_for, order, update};

thread_local! {
    /// What the current test logged; calls log on the calling thread.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct ThreadLog;

impl Log for ThreadLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("contacts_http")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let line = format!("{} {}: {}", record.level(), record.target(), record.args());
            LINES.with_borrow_mut(|lines| lines.push(line));
        }
    }

    fn flush(&self) {}
}

/// Sends a request; returns what it logged, without its times.
fn logged(client: &Client) -> Vec<String> {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        log::set_logger(&ThreadLog).unwrap();
        log::set_max_level(LevelFilter::Debug);
    });
    LINES.take();
    client.update_contacts(order(), &update()).unwrap();
    let request = "contacts_http::client: PUT order/certificate/100000001/contact: ";
    let without_times = |line: String| {
        let words: Vec<_> = line.split(' ').collect();
        let units = words[1..].iter().copied().chain([""]);
        let words = words.iter().zip(units).map(|(word, unit)| {
            let is_time = matches!(unit.trim_end_matches(':'), "s" | "ms");
            if is_time { "TIME" } else { word }
        });
        let line = words.collect::<Vec<_>>().join(" ");
        line.replace(request, "")
            .replace("contacts_http::client: ", "")
    };
    LINES.take().into_iter().map(without_times).collect()
}

#[test]
fn the_log_has_the_number_and_the_result_of_each_attempt() {
    let server = order_server(vec![
        Put::new(false, "503 X"),
        Put::new(false, "502 X"),
        Put::new(true, "204 X"),
    ]);
    let builder = client_for(&server.base_url()).retry(Retry::default());
    let lines = logged(&builder.build().unwrap()).join("\n");
    insta::assert_snapshot!(lines);
}

#[test]
fn the_log_warns_of_an_update_that_was_confirmed_by_a_read() {
    let server = order_server(vec![Put::new(true, "500 X")]);
    let builder = client_for(&server.base_url()).retry(Retry::default());
    insta::assert_snapshot!(logged(&builder.build().unwrap()).join("\n"));
}

#[test]
fn a_long_wait_for_the_rate_limit_is_logged_once() {
    let server = Server::with_status("204 No Content", "", "");
    let builder = client_for(&server.base_url());
    let limit = RateLimit::new(2, Duration::from_millis(1500));
    let client = builder.rate_limits([limit]).build().unwrap();
    for _ in 0..2 {
        assert!(!logged(&client).iter().any(|line| line.contains("waiting")));
    }
    insta::assert_snapshot!(logged(&client).join("\n"));
}
