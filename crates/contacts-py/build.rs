//! Tells the code whether it is built for a Python that runs threads at the same time.

fn main() {
    pyo3_build_config::use_pyo3_cfgs();
}
