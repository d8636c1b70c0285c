//! What the edits do to each value: which go, what replaces them, what is added.

use std::collections::{BTreeMap, BTreeSet};

use crate::json::document::Document;
use crate::json::edit::types::{Edit, EditError, Wrapper};
use crate::json::node::{Kind, NodeId};
use crate::json::pointer::Pointer;

/// What is done to one value.
#[derive(Debug, Default)]
pub(super) struct Touch {
    pub(super) gone: Option<Gone>,
    /// The content that replaces it.
    pub(super) value: Option<usize>,
    /// The value inside it that replaces it.
    pub(super) inner: Option<NodeId>,
    pub(super) key: Option<String>,
    /// Innermost first.
    pub(super) around: Vec<Wrapper>,
    /// Contents in front of it.
    pub(super) before: Vec<usize>,
    /// Contents behind its last child, with their keys if it is an object.
    pub(super) added: Vec<(Option<String>, usize)>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Gone {
    Removed,
    Moved,
}

/// Something that is put at a place.
#[derive(Debug)]
pub(super) enum Content<'d> {
    Text(&'d str),
    Node(NodeId),
    /// An object that did not exist.
    Object(Vec<(String, usize)>),
}

/// All edits of one document. A value without an entry in `touched` is untouched with all that it holds.
pub(super) struct Plan<'d> {
    document: &'d Document,
    pub(super) touched: BTreeMap<NodeId, Touch>,
    pub(super) contents: Vec<(Pointer, Content<'d>)>,
    /// By object: the slots of each key.
    keys: BTreeMap<NodeId, BTreeMap<&'d str, Vec<usize>>>,
    /// Keys that an object gets.
    new_keys: BTreeMap<(NodeId, String), Holder>,
}

/// A value that can hold others.
#[derive(Clone, Copy)]
enum Holder {
    Given(NodeId),
    /// A content.
    Made(usize),
}

impl<'d> Plan<'d> {
    /// Resolves the places of the edits.
    pub(super) fn new(document: &'d Document, edits: &'d [Edit]) -> Result<Self, EditError> {
        let (touched, keys, new_keys) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut plan = Self { document, touched, contents: Vec::new(), keys, new_keys };
        for edit in edits {
            plan.take(edit)?;
        }
        for edit in edits {
            plan.refuse_taken_key(edit)?;
        }
        for edit in edits {
            plan.put(edit)?;
        }
        plan.drop_emptied();
        Ok(plan)
    }

    /// Notes what an edit does to values that exist.
    fn take(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::Remove(at) => self.leave(at, Gone::Removed)?,
            Edit::Move(from, _) => self.leave(from, Gone::Moved)?,
            Edit::Rename(at, key) => {
                let node = self.existing(at)?;
                let parent = self.document.parent(node).filter(|id| self.document.kind(*id) == Kind::Object);
                let parent = parent.ok_or_else(|| EditError::no_place(at, "only a member has a key"))?;
                if self.new_keys.insert((parent, key.clone()), Holder::Given(node)).is_some() {
                    return Err(EditError::Taken(parent_place(at).member(key)));
                }
                for same in self.same_key(node) {
                    self.touch(same).key = Some(key.clone());
                }
            }
            Edit::Wrap(at, wrapper) => {
                let node = self.existing(at)?;
                self.touch(node).around.push(wrapper.clone());
            }
            Edit::Unwrap(at, inner) => {
                let (outer, inside) = (self.existing(at)?, self.existing(inner)?);
                if outer == inside || !self.document.contains(outer, inside) {
                    return Err(EditError::no_place(inner, format!("it is not inside `{at}`")));
                }
                self.touch(outer).inner = Some(inside);
                self.touch(inside);
            }
            Edit::KeepLast(at) => {
                let node = self.existing(at)?;
                for same in self.same_key(node).into_iter().filter(|same| *same != node) {
                    self.touch(same).gone = Some(Gone::Removed);
                }
            }
            Edit::Set(..) | Edit::Insert(..) => {}
        }
        Ok(())
    }

    fn leave(&mut self, at: &Pointer, gone: Gone) -> Result<(), EditError> {
        let node = self.existing(at)?;
        if self.document.parent(node).is_none() {
            return Err(EditError::no_place(at, "the whole body can only be set, wrapped or unwrapped"));
        }
        for same in self.same_key(node) {
            self.touch(same).gone = Some(if same == node { gone } else { Gone::Removed });
        }
        Ok(())
    }

    fn refuse_taken_key(&mut self, edit: &Edit) -> Result<(), EditError> {
        let Edit::Rename(at, key) = edit else { return Ok(()) };
        let parent = self.document.parent(self.existing(at)?);
        let owner = parent.and_then(|parent| self.member(parent, key));
        match owner.map(|owner| self.touched.get(&owner)) {
            Some(None) => Err(EditError::Taken(parent_place(at).member(key))),
            Some(Some(touch)) if touch.gone.is_none() && touch.key.is_none() => {
                Err(EditError::Taken(parent_place(at).member(key)))
            }
            _ => Ok(()),
        }
    }

    /// Finds the places for what comes.
    fn put(&mut self, edit: &'d Edit) -> Result<(), EditError> {
        match edit {
            Edit::Set(at, value) => {
                match self.find(at).filter(|node| self.gone(*node) != Some(Gone::Removed)) {
                    Some(node) => {
                        let content = self.content(at, Content::Text(value));
                        self.touch(node).value = Some(content);
                        Ok(())
                    }
                    None => self.add(at, Content::Text(value), None),
                }
            }
            Edit::Insert(at, value) => {
                let node = self.existing(at)?;
                let parent = self.document.parent(node);
                if parent.is_none_or(|parent| self.document.kind(parent) != Kind::Array) {
                    return Err(EditError::no_place(at, "it is not an element of an array"));
                }
                let content = self.content(at, Content::Text(value));
                self.touch(node).before.push(content);
                Ok(())
            }
            Edit::Move(from, to) => {
                let node = self.existing(from)?;
                self.add(to, Content::Node(node), Some(node))
            }
            _ => Ok(()),
        }
    }

    /// Puts a content at a place that is not there, or where a value is moved to.
    fn add(&mut self, at: &Pointer, content: Content<'d>, moving: Option<NodeId>) -> Result<(), EditError> {
        let Some(last) = at.last() else {
            return Err(EditError::no_place(at, "the whole body can only be set, wrapped or unwrapped"));
        };
        let holder = self.holder(at, moving)?;
        let content = self.content(at, content);
        let parent = match holder {
            Holder::Given(parent) => parent,
            Holder::Made(made) => {
                return if let Content::Object(members) = &mut self.contents[made].1
                    && members.iter().all(|(key, _)| *key != last)
                {
                    members.push((last, content));
                    Ok(())
                } else {
                    Err(EditError::Taken(at.clone()))
                };
            }
        };
        let count = self.document.children(parent).len();
        match self.document.kind(parent) {
            Kind::Object => {
                let owner = self.member(parent, &last).filter(|owner| {
                    self.touched.get(owner).is_none_or(|touch| touch.gone.is_none() && touch.key.is_none())
                });
                if let Some(owner) = owner {
                    self.touch(owner).value = Some(content);
                } else if self.new_keys.insert((parent, last.clone()), Holder::Made(content)).is_some() {
                    return Err(EditError::Taken(at.clone()));
                } else {
                    self.touch(parent).added.push((Some(last), content));
                }
            }
            Kind::Array if last == "-" || last == count.to_string() => {
                self.touch(parent).added.push((None, content));
            }
            Kind::Array => match self.find(at) {
                Some(element) => self.touch(element).before.push(content),
                None => return Err(EditError::no_place(at, format!("the array has {count} elements"))),
            },
            other => return Err(EditError::no_place(at, format!("a {} holds nothing", other.name()))),
        }
        Ok(())
    }

    /// Follows a place to what holds its last step, and makes the objects that are missing.
    fn holder(&mut self, at: &Pointer, moving: Option<NodeId>) -> Result<Holder, EditError> {
        let steps: Vec<String> = at.steps().collect();
        let root = self.document.root().ok_or_else(|| EditError::NotJson(at.clone()))?;
        let (mut holder, mut place) = (Holder::Given(root), Pointer::root());
        for step in steps.iter().take(steps.len().saturating_sub(1)) {
            place = place.member(step);
            let found = match holder {
                Holder::Given(node) => self.step(node, step, moving),
                Holder::Made(made) => self.made_member(made, step),
            };
            holder = match (found, holder) {
                (Some(found), _) => found,
                (None, Holder::Given(node)) if self.document.kind(node) == Kind::Array => {
                    return Err(EditError::no_place(at, format!("there is no `{place}`")));
                }
                (None, _) => {
                    let made = self.contents.len();
                    self.add(&place, Content::Object(Vec::new()), moving)?;
                    Holder::Made(made)
                }
            };
        }
        Ok(holder)
    }

    /// Returns the value one step further that will still be there: by its given key, else by its new one.
    fn step(&mut self, node: NodeId, step: &str, moving: Option<NodeId>) -> Option<Holder> {
        let given = match self.document.kind(node) {
            Kind::Object => self.member(node, step),
            _ => self.document.at_step(node, step),
        };
        let new = self.new_keys.get(&(node, step.to_owned())).copied();
        given.map(Holder::Given).into_iter().chain(new).find(|holder| match holder {
            Holder::Given(id) => self.gone(*id) != Some(Gone::Removed) && Some(*id) != moving,
            Holder::Made(_) => true,
        })
    }

    fn made_member(&self, made: usize, step: &str) -> Option<Holder> {
        let Content::Object(members) = &self.contents[made].1 else { return None };
        members.iter().find(|(key, _)| key == step).map(|(_, content)| Holder::Made(*content))
    }

    fn content(&mut self, at: &Pointer, content: Content<'d>) -> usize {
        self.contents.push((at.clone(), content));
        self.contents.len() - 1
    }

    /// Objects of which everything moved away go as well.
    fn drop_emptied(&mut self) {
        let moved = self.touched.iter().filter(|(_, touch)| touch.gone == Some(Gone::Moved));
        let mut parents: BTreeSet<NodeId> = moved.filter_map(|(id, _)| self.document.parent(*id)).collect();
        while let Some(id) = parents.pop_last() {
            let children = self.document.children(id);
            let emptied = self.document.kind(id) == Kind::Object
                && children.iter().all(|child| self.gone(child.node).is_some())
                && self.touched.get(&id).is_some_and(|touch| touch.gone.is_none() && touch.added.is_empty());
            if let Some(parent) = self.document.parent(id).filter(|_| emptied) {
                self.touch(id).gone = Some(Gone::Removed);
                parents.insert(parent);
            }
        }
    }

    fn gone(&self, node: NodeId) -> Option<Gone> {
        self.touched.get(&node).and_then(|touch| touch.gone)
    }

    /// Returns what is done to a value; everything around it is touched with it.
    fn touch(&mut self, node: NodeId) -> &mut Touch {
        let mut parent = self.document.parent(node);
        while let Some(id) = parent.filter(|id| !self.touched.contains_key(id)) {
            self.touched.insert(id, Touch::default());
            parent = self.document.parent(id);
        }
        self.touched.entry(node).or_default()
    }

    fn existing(&mut self, at: &Pointer) -> Result<NodeId, EditError> {
        self.find(at).ok_or_else(|| EditError::no_place(at, "nothing is there"))
    }

    fn find(&mut self, at: &Pointer) -> Option<NodeId> {
        let mut node = self.document.root()?;
        for step in at.steps() {
            node = match self.document.kind(node) {
                Kind::Object => self.member(node, &step)?,
                _ => self.document.at_step(node, &step)?,
            };
        }
        Some(node)
    }

    /// Returns the member of a key, of equal ones the last.
    fn member(&mut self, object: NodeId, key: &str) -> Option<NodeId> {
        let slot = *self.slots(object).get(key)?.last()?;
        Some(self.document.children(object)[slot].node)
    }

    /// Returns a value with the members of the same object that have the same key.
    fn same_key(&mut self, node: NodeId) -> Vec<NodeId> {
        let document = self.document;
        match (document.parent(node), document.key_of(node)) {
            (Some(parent), Some(key)) => {
                let slots = self.slots(parent).get(key).cloned().unwrap_or_default();
                slots.into_iter().map(|slot| document.children(parent)[slot].node).collect()
            }
            _ => vec![node],
        }
    }

    fn slots(&mut self, object: NodeId) -> &BTreeMap<&'d str, Vec<usize>> {
        let document = self.document;
        self.keys.entry(object).or_insert_with(|| {
            let mut slots: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            if document.kind(object) == Kind::Object {
                for (slot, child) in document.children(object).iter().enumerate() {
                    slots.entry(document.key(child)).or_default().push(slot);
                }
            }
            slots
        })
    }
}

fn parent_place(at: &Pointer) -> Pointer {
    at.parent().unwrap_or_default()
}
