use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::tls::TlsConfig;

const USER_AGENT: &str = concat!("digicert-contacts/", env!("CARGO_PKG_VERSION"));
const MAX_HEAD: usize = 64 * 1024;
/// A head has to fit, and a byte that makes it too large: a full buffer would look like the end of
/// the response.
const INPUT_BUFFER: usize = MAX_HEAD + 1;
/// An update is smaller than 2 KiB; ureq's default is 128 KiB.
const OUTPUT_BUFFER: usize = 16 * 1024;
const MAX_IDLE_CONNECTIONS: usize = 16;
/// Shorter than the keep-alive of most servers, so that no connection is reused while it closes.
const MAX_IDLE_AGE: Duration = Duration::from_secs(4);

/// Sets the timeouts of an agent or a request: ureq has no public trait for both.
macro_rules! with_timeouts {
    ($config:expr, $timeouts:expr) => {{
        let (timeout, connect_timeout): (Duration, Duration) = $timeouts;
        // If both limits expire at the same time, ureq returns that of the phase, so that it is
        // certain that nothing was sent.
        let connect_timeout = Some(connect_timeout.min(timeout));
        // Almost the timeout, and the same for each step: ureq makes a system call for each step with
        // another timeout. A read continues afterwards, and a write waits for nothing but memory.
        let step = Some(timeout.mul_f64(0.99));
        $config
            .timeout_per_write(step)
            .timeout_per_read(step)
            .timeout_resolve(connect_timeout)
            .timeout_connect(connect_timeout)
            .timeout_per_call(Some(timeout))
    }};
}

pub(super) use with_timeouts;

pub(crate) fn config(
    timeouts: (Duration, Duration),
    tls: TlsConfig,
    proxy: Option<ureq::Proxy>,
    user_agent_suffix: &str,
) -> Config {
    with_timeouts!(Agent::config_builder(), timeouts)
        .tls_config(tls)
        .proxy(proxy)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_response_header_size(MAX_HEAD)
        .input_buffer_size(INPUT_BUFFER)
        .output_buffer_size(OUTPUT_BUFFER)
        .max_idle_age(MAX_IDLE_AGE)
        .max_idle_connections(MAX_IDLE_CONNECTIONS)
        .max_idle_connections_per_host(MAX_IDLE_CONNECTIONS)
        .user_agent(format!("{USER_AGENT} {}", user_agent_suffix.trim()).trim_end())
        .accept("application/json")
        .accept_encoding("identity")
        .build()
}

#[cfg(test)]
mod tests {
    use super::{Duration, TlsConfig, config};

    #[test]
    fn no_limit_of_an_attempt_is_shorter_than_the_timeout_except_for_connecting() {
        let connect = Duration::from_secs(5);
        for seconds in [1, 45, 120, 24 * 3600] {
            let timeout = Duration::from_secs(seconds);
            let config = config((timeout, connect), TlsConfig::default(), None, "");
            let timeouts = config.timeouts();
            assert_eq!(timeouts.per_call, Some(timeout));
            assert_eq!(timeouts.resolve, Some(connect.min(timeout)));
            assert_eq!(timeouts.connect, Some(connect.min(timeout)));
            let others = [timeouts.global, timeouts.send_request, timeouts.send_body];
            assert_eq!(others, [None; 3]);
            assert_eq!((timeouts.recv_response, timeouts.recv_body), (None, None));
            for step in [config.timeout_per_read(), config.timeout_per_write()] {
                assert!(step.is_none_or(|step| step >= timeout.mul_f64(0.99)));
            }
        }
    }
}
