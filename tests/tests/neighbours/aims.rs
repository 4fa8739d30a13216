//! One test for everything that there is to aim at.

use crate::length::length;
use crate::stand::stand;
use belljar_tests::attacks::Attack;

macro_rules! aims {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                let attacks = Attack::group(stringify!($name))
                    .iter()
                    .filter(|attack| !attack.again || length().whole);
                let problems: Vec<String> = attacks.filter_map(|attack| stand(attack).err()).collect();
                assert!(problems.is_empty(), "\n{}", problems.join("\n"));
            }
        )*

        #[test]
        fn every_group_has_a_test() {
            let tests = [$(stringify!($name)),*];
            assert_eq!(Attack::groups().map(|(name, _)| name).as_slice(), tests.as_slice());
        }
    };
}

aims! {
    frames
    unstoppable
    streams
    sleepers
    networks
    queue
    connections
    bodies
    readers
    deaths
    blame
    told
    malformed
    churn
    hogs
}
