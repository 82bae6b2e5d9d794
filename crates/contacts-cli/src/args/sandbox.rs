use std::net::IpAddr;
use std::path::PathBuf;

use super::{Output, RateLimit, new_file};

/// Serve a local stand-in for DigiCert's API until Ctrl-C
///
/// It holds a demo account and answers as DigiCert's page says; where the page is silent, its error
/// codes begin with `sandbox_`. It listens on 127.0.0.1 only, and forgets everything when it stops.
/// A browser that opens its address sees what happens, as it happens.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Sandbox {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,

    /// Address to listen on; anything but loopback lets the network in
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    pub(crate) address: IpAddr,

    /// Port on 127.0.0.1 for looking in and for faults at run time, without a key; 0 takes a free
    /// one
    #[arg(long, value_name = "PORT")]
    pub(crate) admin_port: Option<u16>,

    /// Serve an account of so many orders instead of the demo account
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    pub(crate) orders: Option<u32>,

    /// What the account of --orders is made from; the same number makes the same account
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "orders")]
    pub(crate) seed: u64,

    /// Take the account from a file that --save wrote
    #[arg(long, value_name = "FILE", conflicts_with = "orders")]
    pub(crate) snapshot: Option<PathBuf>,

    /// Write the account to a file when it stops
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) save: Option<PathBuf>,

    /// Something that goes wrong; may be given several times
    #[arg(long = "fault", value_name = "FAULT", long_help = FAULT)]
    pub(crate) faults: Vec<contacts_sandbox::Fault>,

    /// Requests in so many seconds for each key, instead of 100/5 and 1000/180; may be given several
    /// times; `off` is no limit
    #[arg(long = "rate-limit", value_name = "COUNT/SECONDS")]
    pub(crate) rate_limits: Vec<RateLimit>,

    /// Let the time stand still for the rate limit, until the admin address moves it
    #[arg(long, requires = "admin_port")]
    pub(crate) manual_clock: bool,

    #[command(flatten)]
    pub(crate) output: Output,
}

const FAULT: &str = "\
Something that goes wrong; may be given several times

Of those that fit a request, the first acts. What happens:
  status=503           this status instead of the answer
  html                 a page of HTML with status 503, as from a CDN
  redirect=URL         302 to another location
  delay=SECONDS        a late answer
  drip=SECONDS         an answer byte by byte, with pauses
  half                 the first half of an answer
  close                no answer, the connection is closed
  reset                no answer, the connection is reset
To which requests, each after a comma:
  next=N               the next N that fit
  probability=P,seed=N each with a probability from 0 to 1
  order=ID             about this order; may be there several times
  method=PUT           of this method
  applied              the change is made, though the answer hides it
A fault can also be a JSON object; see docs/sandbox.md.";

const EXAMPLES: &str = "\
Examples:
  digicert-contacts sandbox --port 8080
  digicert-contacts sandbox --orders 50000 --seed 7 --rate-limit off
  digicert-contacts sandbox --fault close,applied,method=PUT,next=1
  digicert-contacts sandbox --fault status=503,probability=0.1,seed=7";
