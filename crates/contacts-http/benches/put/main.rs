//! Sequential PUTs on loopback: this client, with all its features and a very high rate limit, and bare
//! ureq, in alternating rounds of one run.
//!
//! `cargo bench -p contacts-http`. The server is another process, so that its time does
//! not count.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, reason = "a benchmark ends at the first error")]

mod server;

use std::time::{Duration, Instant};

use contacts_core::{Contact, ContactsUpdate, OrderId};
use contacts_http::{ApiKey, BaseUrl, Client, RateLimit};

const ROUNDS: usize = 101;
const REQUESTS: u32 = 1000;
const BARE: &str = "--bare";

fn main() {
    if std::env::args().any(|argument| argument == server::FLAG) {
        return server::serve();
    }
    if let Some(url) = std::env::args().skip_while(|a| a != BARE).nth(1) {
        return bare_rounds(&url);
    }
    let server = server::Process::start();
    let update = update();
    let order = OrderId::parse("123456789").unwrap();
    let url = format!("{}/order/certificate/{order}/contact", server.url);
    let body = update.to_json();
    let (mut ratios, mut times) = (Vec::new(), [Vec::new(), Vec::new()]);
    for n in 0..ROUNDS {
        // New connections for each round: the core on which the server's thread runs is random, and
        // would otherwise stay the same for the whole run.
        let (client, agent) = (client(&server.url), agent());
        let ours = || {
            round(|| {
                client.update_contacts(order, &update).unwrap();
            })
        };
        let bare = || round(|| bare_put(&agent, &url, &body));
        let (ours, bare) = if n % 2 == 0 {
            (ours(), bare())
        } else {
            let bare = bare();
            (ours(), bare)
        };
        ratios.push(bare.0.as_secs_f64() / ours.0.as_secs_f64());
        times[0].push(ours);
        times[1].push(bare);
    }
    println!(
        "{} bytes, {ROUNDS} rounds of {REQUESTS} requests each, medians; half of all rounds are \
         within the spread",
        body.len()
    );
    for (name, times) in ["contacts-http", "bare ureq"].iter().zip(&times) {
        let rate = |t: &(Duration, Duration)| f64::from(REQUESTS) / t.0.as_secs_f64();
        let (rate, spread) = median(times.iter().map(rate).collect());
        let (cpu, _) = median(times.iter().map(|t| t.1.as_secs_f64()).collect());
        let each = cpu * 1e6 / f64::from(REQUESTS);
        println!("{name:<14} {rate:>7.0} requests/s ±{spread:>2.0} %   {each:>5.1} us CPU/request");
    }
    let (ratio, spread) = median(ratios);
    println!("requests/s, contacts-http over bare ureq: {ratio:.3} ±{spread:.0} %");
}

/// For the benchmark of the Python package: for each line of input, runs a round of bare ureq and
/// prints its wall and CPU time in seconds.
fn bare_rounds(url: &str) {
    let url = format!("{url}/order/certificate/123456789/contact");
    let body = update().to_json();
    for _ in std::io::stdin().lines() {
        let agent = agent();
        let (wall, cpu) = round(|| bare_put(&agent, &url, &body));
        println!("{} {}", wall.as_secs_f64(), cpu.as_secs_f64());
    }
}

fn bare_put(agent: &ureq::Agent, url: &str, body: &[u8]) {
    let request = agent.put(url).header("x-dc-devkey", "A1B2C3");
    let request = request.header("content-type", "application/json");
    assert_eq!(request.send(body).unwrap().status(), 204);
}

fn client(url: &str) -> Client {
    // A rate limit that the benchmark does not reach.
    let high_limits = [100, 1000].map(|n| RateLimit::new(n * 1_000_000, Duration::from_secs(5)));
    Client::builder(ApiKey::parse("A1B2C3").unwrap())
        .base_url(BaseUrl::parse(url).unwrap())
        .rate_limits(high_limits)
        .build()
        .unwrap()
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    config.build().new_agent()
}

fn update() -> ContactsUpdate {
    let person = |first: &'static str| {
        Contact::draft(first, "Doe", "john.doe@example.com")
            .job_title("SRE")
            .telephone("1234567890")
            .language_id("1")
            .build()
            .unwrap()
    };
    ContactsUpdate::both(person("John"), person("Jane"))
}

/// Wall and CPU time of one round.
fn round(mut send: impl FnMut()) -> (Duration, Duration) {
    let (started, cpu) = (Instant::now(), server::cpu_time());
    for _ in 0..REQUESTS {
        send();
    }
    (started.elapsed(), server::cpu_time().saturating_sub(cpu))
}

/// The median, and half of the interquartile range as a percentage of it.
fn median(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_unstable_by(f64::total_cmp);
    let quartile = |quarter: usize| values[values.len() * quarter / 4];
    let half_range = (quartile(3) - quartile(1)) / 2.0;
    (quartile(2), half_range / quartile(2) * 100.0)
}
