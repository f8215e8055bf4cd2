//! The writes that a tenant accepted, to compare what two runs did.

use crate::directory::Directory;
use crate::journal::Written;
use crate::spelling;
use agentuser_core::ObjectId;
use serde_json::{Map, Value};

impl Directory {
    /// Every write that was accepted, whatever became of its answer, in an order of its own: two runs that wrote the
    /// same, in whatever order and to whatever address, have equal ones. An agent user goes by the id of its parent,
    /// because its own is drawn; everything else goes by its id. Empty when only sums are kept.
    ///
    /// Each is an object of `method`, `path` (with names in place of ids), `object`, `sponsor` and `body`, where there
    /// is one, and `status`.
    #[must_use]
    pub fn writes(&self) -> Value {
        let mut writes: Vec<Value> = self.journal.written.iter().map(|written| self.write(written)).collect();
        writes.sort_by_cached_key(Value::to_string);
        writes.into()
    }

    fn write(&self, written: &Written) -> Value {
        let mut write = Map::new();
        write.insert("method".into(), written.method.as_str().into());
        write.insert("path".into(), written.template.into());
        if let Some(object) = written.object {
            write.insert("object".into(), self.name(object).to_string().into());
        }
        if written.template.contains("{sponsor}") {
            let sponsor = written.path.rsplit('/').nth(1).unwrap_or_default();
            write.insert("sponsor".into(), self.named(sponsor).into());
        }
        if !written.body.is_empty() {
            let text = || String::from_utf8_lossy(&written.body).into_owned().into();
            let mut body = serde_json::from_slice(&written.body).unwrap_or_else(|_| text());
            self.rename(&mut body);
            write.insert("body".into(), body);
        }
        write.insert("status".into(), written.status.into());
        let mut write = Value::Object(write);
        write.sort_all_objects();
        write
    }

    /// An id that does not depend on what was drawn.
    fn name(&self, id: ObjectId) -> ObjectId {
        self.find_user(id).and_then(|user| user.parent).unwrap_or(id)
    }

    fn named(&self, text: &str) -> String {
        text.parse().map_or_else(|_| text.to_owned(), |id| self.name(id).to_string())
    }

    /// Puts names in place of ids and of references, which begin with the tenant's address.
    fn rename(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                let path = spelling::below_root(self.root(), text).unwrap_or(text);
                *text = path.split('/').map(|part| self.named(part)).collect::<Vec<_>>().join("/");
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.rename(value)),
            Value::Object(members) => members.values_mut().for_each(|value| self.rename(value)),
            _ => {}
        }
    }
}
