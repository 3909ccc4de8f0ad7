//! The few calls of Node-API that conversion is made of, each with its precondition: `env` is the one of the call that is running, and
//! values come from it.
//!
//! A call that fails answers nothing, and whatever JavaScript threw on the way (a getter, a proxy) is put aside.

use napi::bindgen_prelude::{FromNapiValue, ToNapiValue, TypeTag};
use napi::sys;
use std::ptr;

pub(crate) type Js = sys::napi_value;

/// The environment of the call that is running.
#[derive(Clone, Copy)]
pub(crate) struct Raw(sys::napi_env);

/// Calls a function whose last argument is where the result goes.
macro_rules! ask {
    ($raw:ident, $function:ident($($argument:expr),*) -> $start:expr) => {{
        let mut result = $start;
        // SAFETY: the environment and its values are those of the running call; the result outlives it.
        let status = unsafe { sys::$function($raw.0, $($argument,)* &mut result) };
        $raw.ok(status).then_some(result)
    }};
}

impl Raw {
    /// # Safety
    /// `env` must be the environment of the call that is running, on its thread, for as long as this is used.
    pub(crate) unsafe fn new(env: sys::napi_env) -> Self {
        Self(env)
    }

    fn ok(self, status: sys::napi_status) -> bool {
        if status != sys::Status::napi_ok {
            let mut thrown = ptr::null_mut();
            // SAFETY: as in `ask`.
            unsafe { sys::napi_get_and_clear_last_exception(self.0, &mut thrown) };
        }
        status == sys::Status::napi_ok
    }

    /// Reads a value of a type that napi knows.
    pub(crate) fn get<T: FromNapiValue>(self, value: Js) -> Option<T> {
        // SAFETY: the value comes from this environment; the implementations check its type.
        unsafe { T::from_napi_value(self.0, value) }.ok()
    }

    /// Makes a value of a type that napi knows.
    pub(crate) fn make<T: ToNapiValue>(self, value: T) -> napi::Result<Js> {
        // SAFETY: the environment is that of the running call.
        unsafe { T::to_napi_value(self.0, value) }
    }

    /// Reads what an instance of a class holds; nothing if it is none.
    pub(crate) fn instance<C: TypeTag, T>(self, object: Js, read: impl FnOnce(&C) -> T) -> Option<T> {
        let tag = C::type_tag();
        if !ask!(self, napi_check_object_type_tag(object, &tag) -> false)? {
            return None;
        }
        let wrapped = ask!(self, napi_unwrap(object) -> ptr::null_mut())?;
        // SAFETY: only instances of this class have its tag, they are frozen, and the object lives through the call.
        unsafe { wrapped.cast::<C>().as_ref() }.map(read)
    }

    pub(crate) fn type_of(self, value: Js) -> sys::napi_valuetype {
        ask!(self, napi_typeof(value) -> sys::ValueType::napi_undefined).unwrap_or_default()
    }

    pub(crate) fn is_array(self, value: Js) -> bool {
        ask!(self, napi_is_array(value) -> false).unwrap_or_default()
    }

    pub(crate) fn is_typed_array(self, value: Js) -> bool {
        ask!(self, napi_is_typedarray(value) -> false).unwrap_or_default()
    }

    pub(crate) fn same(self, left: Js, right: Js) -> bool {
        ask!(self, napi_strict_equals(left, right) -> false).unwrap_or_default()
    }

    pub(crate) fn length(self, array: Js) -> Option<u32> {
        ask!(self, napi_get_array_length(array) -> 0)
    }

    pub(crate) fn element(self, array: Js, position: u32) -> Option<Js> {
        ask!(self, napi_get_element(array, position) -> ptr::null_mut())
    }

    pub(crate) fn property(self, object: Js, key: Js) -> Option<Js> {
        ask!(self, napi_get_property(object, key) -> ptr::null_mut())
    }

    pub(crate) fn prototype(self, object: Js) -> Option<Js> {
        ask!(self, napi_get_prototype(object) -> ptr::null_mut())
    }

    pub(crate) fn global(self) -> Option<Js> {
        ask!(self, napi_get_global() -> ptr::null_mut())
    }

    pub(crate) fn digits(self, bigint: Js) -> Option<String> {
        ask!(self, napi_coerce_to_string(bigint) -> ptr::null_mut()).and_then(|text| self.get(text))
    }

    /// The keys of an object's own enumerable properties that are strings.
    pub(crate) fn keys(self, object: Js) -> Option<Js> {
        let filter = sys::KeyFilter::enumerable | sys::KeyFilter::skip_symbols;
        let (own, strings) = (sys::KeyCollectionMode::own_only, sys::KeyConversion::numbers_to_strings);
        ask!(self, napi_get_all_property_names(object, own, filter, strings) -> ptr::null_mut())
    }

    /// Reads a string through a buffer that is used again and again.
    pub(crate) fn text(self, value: Js, buffer: &mut Vec<u8>) -> Option<()> {
        buffer.resize(buffer.capacity().max(256), 0);
        let mut length = 0;
        // SAFETY: the buffer has the size that is told.
        let status = unsafe {
            sys::napi_get_value_string_utf8(
                self.0,
                value,
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                &mut length,
            )
        };
        if !self.ok(status) {
            return None;
        }
        // A character of up to four bytes and the end may not have found room: it may go on.
        if length + 5 > buffer.len() {
            *buffer = self.get::<String>(value)?.into_bytes();
        } else {
            buffer.truncate(length);
        }
        Some(())
    }

    pub(crate) fn set(self, object: Js, key: &str, value: Js) -> napi::Result<()> {
        let name = self.make(key)?;
        // What is called `__proto__` must not go through the setter of that name.
        let status = if key == "__proto__" {
            let attributes = sys::PropertyAttributes::writable
                | sys::PropertyAttributes::enumerable
                | sys::PropertyAttributes::configurable;
            let property = sys::napi_property_descriptor {
                utf8name: ptr::null(),
                name,
                method: None,
                getter: None,
                setter: None,
                value,
                attributes,
                data: ptr::null_mut(),
            };
            // SAFETY: the descriptor lives through the call.
            unsafe { sys::napi_define_properties(self.0, object, 1, &property) }
        } else {
            // SAFETY: all three values come from this environment.
            unsafe { sys::napi_set_property(self.0, object, name, value) }
        };
        self.done(status)
    }

    pub(crate) fn set_element(self, array: Js, position: u32, value: Js) -> napi::Result<()> {
        // SAFETY: both values come from this environment.
        let status = unsafe { sys::napi_set_element(self.0, array, position, value) };
        self.done(status)
    }

    pub(crate) fn object(self) -> napi::Result<Js> {
        ask!(self, napi_create_object() -> ptr::null_mut()).ok_or_else(failed)
    }

    pub(crate) fn array(self, length: usize) -> napi::Result<Js> {
        ask!(self, napi_create_array_with_length(length) -> ptr::null_mut()).ok_or_else(failed)
    }

    /// Does something whose values are forgotten afterwards, unless something else holds them.
    pub(crate) fn scoped<T>(self, work: impl FnOnce() -> T) -> T {
        let scope = ask!(self, napi_open_handle_scope() -> ptr::null_mut());
        let result = work();
        if let Some(scope) = scope {
            // SAFETY: it was opened above, and scopes are closed in the opposite order.
            unsafe { sys::napi_close_handle_scope(self.0, scope) };
        }
        result
    }

    fn done(self, status: sys::napi_status) -> napi::Result<()> {
        if self.ok(status) { Ok(()) } else { Err(failed()) }
    }
}

fn failed() -> napi::Error {
    napi::Error::from_reason("JavaScript refused a value")
}
