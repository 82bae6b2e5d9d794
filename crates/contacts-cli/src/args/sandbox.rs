use std::net::IpAddr;
use std::path::PathBuf;

use super::{RateLimit, new_file};

/// Run a local server that imitates DigiCert's API
///
/// Serves a demo account and answers as documented by DigiCert. Where the documentation says
/// nothing, its error codes start with `sandbox_`. Listens on 127.0.0.1 and keeps everything in
/// memory. Open its address in a browser to watch requests. Stop it with Ctrl-C.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Sandbox {
    /// Port to listen on; 0 picks a free port
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,

    /// Address to listen on; any other than loopback opens the sandbox to the network
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    pub(crate) address: IpAddr,

    /// Port on 127.0.0.1 for the admin API, which needs no key: inspect state, set faults at run
    /// time; 0 picks a free port
    #[arg(long, value_name = "PORT")]
    pub(crate) admin_port: Option<u16>,

    /// Generate an account with COUNT orders instead of the demo account
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    pub(crate) orders: Option<u32>,

    /// Seed of the account that --orders generates
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "orders")]
    pub(crate) seed: u64,

    /// Load the account from a file written by --save
    #[arg(long, value_name = "FILE", conflicts_with = "orders")]
    pub(crate) snapshot: Option<PathBuf>,

    /// Save the account to a file on exit
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) save: Option<PathBuf>,

    /// Fault to inject; can be repeated
    #[arg(long = "fault", value_name = "FAULT", long_help = FAULT)]
    pub(crate) faults: Vec<contacts_sandbox::Fault>,

    /// Accept at most COUNT requests in any SECONDS per key, instead of 100/5 and 1000/180; can be
    /// repeated; `off` removes the limit
    #[arg(long = "rate-limit", value_name = "COUNT/SECONDS")]
    pub(crate) rate_limits: Vec<RateLimit>,

    /// Stop the clock of the rate limit; only the admin API advances it
    #[arg(long, requires = "admin_port")]
    pub(crate) manual_clock: bool,
}

const FAULT: &str = "\
Fault to inject; can be repeated

The first fault that matches a request applies. Effect:
  status=503           respond with this status
  html                 respond with a CDN's page and status 503
  redirect=URL         respond with 302 to another location
  delay=SECONDS        respond late
  drip=SECONDS         respond byte by byte, with pauses
  half                 send half of the response
  close                close the connection without a response
  reset                reset the connection without a response
Effect on the order report and the reports query:
  absent               respond with 404; or absent=403, absent=200
  lag=SECONDS          show the contacts as they were
  cut=ROWS             end after ROWS orders; or cut,bytes=N
Conditions, each after a comma:
  next=N               the next N matching requests
  probability=P,seed=N each matching request with probability P
  order=ID             requests for this order; can be repeated
  method=PUT           requests with this method
  path=report/order    requests with this path
  applied              apply the change, whatever the response
A fault can also be a JSON object; see docs/sandbox.md.";

const EXAMPLES: &str = "\
Examples:
  digicert-contacts sandbox --port 8080
  digicert-contacts sandbox --orders 50000 --seed 7 --rate-limit off
  digicert-contacts sandbox --fault close,applied,method=PUT,next=1
  digicert-contacts sandbox --fault status=503,probability=0.1,seed=7
  digicert-contacts sandbox --fault lag=600,path=reports/query";
