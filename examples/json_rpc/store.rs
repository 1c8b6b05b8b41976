//! What the methods do.

use crate::wire::{Call, Fault};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio::sync::broadcast;

/// Keys that the store has room for.
const KEYS: usize = 10_000;
/// Changes that may wait for one who watches.
const CHANGES: usize = 256;

/// Values by key, and who hears of changes.
pub(crate) struct Store {
    values: Mutex<HashMap<String, Value>>,
    changes: broadcast::Sender<Value>,
}

impl Default for Store {
    fn default() -> Self {
        Self { values: Mutex::default(), changes: broadcast::Sender::new(CHANGES) }
    }
}

impl Store {
    /// The changes from now on.
    pub(crate) fn watch(&self) -> broadcast::Receiver<Value> {
        self.changes.subscribe()
    }

    /// Runs a method.
    pub(crate) fn run(&self, call: &Call) -> Result<Value, Fault> {
        match call.method.as_str() {
            "get" => self.get(&call.params),
            "set" => self.set(&call.params),
            other => Err(Fault::no_method(other)),
        }
    }

    fn get(&self, params: &Value) -> Result<Value, Fault> {
        let key = text(params, 0, "key")?;
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(values.get(key).cloned().unwrap_or_default())
    }

    fn set(&self, params: &Value) -> Result<Value, Fault> {
        let key = text(params, 0, "key")?;
        let value = param(params, 1, "value").ok_or_else(|| Fault::params("no `value`"))?;
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if values.len() >= KEYS && !values.contains_key(key) {
            return Err(Fault { code: 1, message: format!("the store holds {KEYS} keys already") });
        }
        let before = values.insert(key.to_owned(), value.clone());
        drop(values);
        // Nobody may be watching.
        _ = self.changes.send(json!({ "key": key, "value": value }));
        Ok(before.unwrap_or_default())
    }
}

/// A parameter by its place or by its name (section 4.2).
fn param<'a>(params: &'a Value, place: usize, name: &str) -> Option<&'a Value> {
    if params.is_array() { params.get(place) } else { params.get(name) }
}

fn text<'a>(params: &'a Value, place: usize, name: &str) -> Result<&'a str, Fault> {
    let value = param(params, place, name).and_then(Value::as_str);
    value.ok_or_else(|| Fault::params(&format!("`{name}` is no string")))
}
