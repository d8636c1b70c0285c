//! Where requests go: a region, or any URL; never a silent default.

use crate::api::genesys::region::Region;
use crate::command::record::args::RecordArgs;
use crate::error::CommandError;
use crate::proxy::routes::Routes;

/// The variable that names a region.
const REGION: &str = "GENESYSCLOUD_REGION";

/// Returns the routes that the arguments, or the environment, ask for.
pub(super) fn routes(args: &RecordArgs) -> Result<Routes, CommandError> {
    let mut routes = if let Some(url) = &args.upstream {
        let routes = Routes::from_urls(url, args.login_upstream.as_deref()).map_err(|error| {
            CommandError::input(error).hint("an upstream looks like `--upstream https://api.example.com`")
        })?;
        match &args.region {
            Some(text) => {
                let region = region(text)?;
                routes.standing_in_for(&region.api_host(), &region.login_host())
            }
            None => routes,
        }
    } else {
        let from_environment = || std::env::var(REGION).ok().filter(|text| !text.is_empty());
        let Some(text) = args.region.clone().or_else(from_environment) else {
            return Err(CommandError::input(anyhow::anyhow!(
                "neither --region nor --upstream says where to send requests"
            ))
            .hint("name your region: `wraptap record --region mypurecloud.de`, or set GENESYSCLOUD_REGION")
            .hint("or any other API: `wraptap record --upstream https://api.example.com`")
            .hint(regions()));
        };
        let region = region(&text)?;
        Routes::for_region(&region.api_host(), &region.login_host())
    };
    routes.prefix.clone_from(&args.prefix);
    Ok(routes)
}

fn region(text: &str) -> Result<Region, CommandError> {
    Region::parse(text).map_err(|error| {
        let meant = error.meant.map(|region| region.domain);
        let error = CommandError::input(error);
        let Some(domain) = meant else { return error.hint(regions()).hint(OTHER_REGION) };
        error.hint(format!("name the region: `wraptap record --region {domain}`")).hint(OTHER_REGION)
    })
}

/// Where there is no region in the list.
const OTHER_REGION: &str = "for a region that wraptap does not know: `--upstream https://api.DOMAIN --login-upstream https://login.DOMAIN`";

/// Lists the regions there are.
fn regions() -> String {
    let all: Vec<String> =
        Region::ALL.iter().map(|region| format!("{} ({})", region.domain, region.aws)).collect();
    format!("regions: {}", all.join(", "))
}
