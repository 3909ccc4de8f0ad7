//! Lets the symbols of Node-API be found when Node loads the addon.

fn main() {
    napi_build::setup();
}
