//! Floor 1: what is known about the Genesys Cloud API and its SDKs, as data: regions, catalogue, error shapes, habits. Pure.
