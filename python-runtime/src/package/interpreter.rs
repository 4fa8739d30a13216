//! The interpreter's module inside of a component: the one with a counter.

use wasmparser::{ComponentAlias, Instance, Parser, Payload};

/// The name under which the tie finds the fuel.
pub(super) const FUEL: &str = "belljar_fuel";

type Result<T, E = String> = std::result::Result<T, E>;

/// The bytes of the interpreter's module. Nothing but one other module is given its exports.
pub(super) fn find(component: &[u8]) -> Result<&[u8]> {
    let parts = Parts::read(component)?;
    let mut with_counter = Vec::new();
    for (index, &module) in parts.modules.iter().enumerate() {
        if has_counter(module)? {
            with_counter.push((index, module));
        }
    }
    let [(index, module)] = with_counter[..] else {
        return Err(format!(
            "{} modules have a counter, and one must",
            with_counter.len()
        ));
    };
    parts.check_reach(index)?;
    Ok(module)
}

/// A core instance: of a module, with the instances whose exports it is given; or a bundle of exports.
struct CoreInstance {
    module: Option<usize>,
    given: Vec<usize>,
}

/// The core modules of a component, and what becomes of them.
#[derive(Default)]
struct Parts<'a> {
    modules: Vec<&'a [u8]>,
    instances: Vec<CoreInstance>,
    /// Instances of which the component takes an export, and its name.
    aliases: Vec<(usize, &'a str)>,
}

impl<'a> Parts<'a> {
    fn read(component: &'a [u8]) -> Result<Self> {
        let mut parts = Self::default();
        // The outermost component is at 1.
        let mut depth = 0;
        let readable = |error: wasmparser::BinaryReaderError| error.to_string();
        for payload in Parser::new(0).parse_all(component) {
            match payload.map_err(readable)? {
                Payload::Version { .. } => depth += 1,
                Payload::End(_) => depth -= 1,
                Payload::ModuleSection {
                    unchecked_range, ..
                } => {
                    if depth != 1 {
                        return Err("it has a module of an inner component".to_owned());
                    }
                    let bytes = component.get(unchecked_range);
                    parts.modules.push(bytes.ok_or("a module is cut off")?);
                }
                Payload::InstanceSection(section) if depth == 1 => {
                    for instance in section {
                        parts.take(&instance.map_err(readable)?);
                    }
                }
                Payload::ComponentAliasSection(section) if depth == 1 => {
                    for alias in section {
                        if let ComponentAlias::CoreInstanceExport {
                            instance_index,
                            name,
                            ..
                        } = alias.map_err(readable)?
                        {
                            parts.aliases.push((instance_index as usize, name));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(parts)
    }

    fn take(&mut self, instance: &Instance<'_>) {
        self.instances.push(match instance {
            Instance::Instantiate { module_index, args } => CoreInstance {
                module: Some(*module_index as usize),
                given: args.iter().map(|arg| arg.index as usize).collect(),
            },
            Instance::FromExports(_) => CoreInstance {
                module: None,
                given: Vec::new(),
            },
        });
    }

    /// Checks that a module has one instance, and that it is given to one other, as a whole.
    fn check_reach(&self, module: usize) -> Result<()> {
        let instances: Vec<usize> = (0..self.instances.len())
            .filter(|&index| self.instances[index].module == Some(module))
            .collect();
        let [instance] = instances[..] else {
            return Err(format!(
                "there are {} instances of it, and there must be one",
                instances.len()
            ));
        };
        let given = (self.instances.iter())
            .filter(|other| other.given.contains(&instance))
            .count();
        if given != 1 {
            return Err(format!("{given} modules are given it, and one must be"));
        }
        match self.aliases.iter().find(|(of, _)| *of == instance) {
            Some((_, name)) => Err(format!("the component has an alias of its export `{name}`")),
            None => Ok(()),
        }
    }
}

/// `true` if a module exports what is named like a counter.
fn has_counter(module: &[u8]) -> Result<bool> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ExportSection(section) = payload.map_err(|error| error.to_string())? {
            for export in section {
                if export.map_err(|error| error.to_string())?.name == FUEL {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}
