// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {AccessMarket} from "./AccessMarket.sol";
import {ContributionRegistry} from "./ContributionRegistry.sol";
import {DataGovernor} from "./DataGovernor.sol";
import {DataToken} from "./DataToken.sol";
import {GuardianRegistry} from "./GuardianRegistry.sol";
import {IDataDao} from "./interfaces/IDataDao.sol";
import {RevenuePool} from "./RevenuePool.sol";

/// @title The deed; what it guarantees stands in IDataDao.
/// @dev The roles of a TimelockController cannot be enumerated on chain: that nobody but the governor was ever given one is read from its
/// `RoleGranted` events, which `commonhold dao show` does.
contract DataDao is IDataDao {
    /// @inheritdoc IDataDao
    address public immutable timelock;
    /// @inheritdoc IDataDao
    address public immutable token;
    /// @inheritdoc IDataDao
    address public immutable governor;
    /// @inheritdoc IDataDao
    address public immutable guardianRegistry;
    /// @inheritdoc IDataDao
    address public immutable contributionRegistry;
    /// @inheritdoc IDataDao
    address public immutable revenuePool;
    /// @inheritdoc IDataDao
    address public immutable accessMarket;
    /// @inheritdoc IDataDao
    bytes32 public immutable schema;
    /// @inheritdoc IDataDao
    bytes32 public immutable nameDigest;
    /// @inheritdoc IDataDao
    bytes32 public immutable metadataDigest;

    constructor(Deed memory deed_) {
        require(deed_.schema != 0, DataDaoMissing("schema"));
        require(deed_.nameDigest != 0, DataDaoMissing("name"));
        _requireWiring(deed_);
        _requireRoles(deed_);
        timelock = deed_.timelock;
        token = deed_.token;
        governor = deed_.governor;
        guardianRegistry = deed_.guardianRegistry;
        contributionRegistry = deed_.contributionRegistry;
        revenuePool = deed_.revenuePool;
        accessMarket = deed_.accessMarket;
        schema = deed_.schema;
        nameDigest = deed_.nameDigest;
        metadataDigest = deed_.metadataDigest;
        emit DaoCreated(deed_);
    }

    /// @inheritdoc IDataDao
    function deed() external view returns (Deed memory) {
        return Deed({
            timelock: timelock,
            token: token,
            governor: governor,
            guardianRegistry: guardianRegistry,
            contributionRegistry: contributionRegistry,
            revenuePool: revenuePool,
            accessMarket: accessMarket,
            schema: schema,
            nameDigest: nameDigest,
            metadataDigest: metadataDigest
        });
    }

    function _requireWiring(Deed memory d) private view {
        _requireLink("token.minter", DataToken(d.token).minter(), d.contributionRegistry);
        DataGovernor governor_ = DataGovernor(payable(d.governor));
        _requireLink("governor.token", address(governor_.token()), d.token);
        _requireLink("governor.timelock", governor_.timelock(), d.timelock);
        _requireLink("guardianRegistry.timelock", GuardianRegistry(d.guardianRegistry).timelock(), d.timelock);
        ContributionRegistry registry = ContributionRegistry(d.contributionRegistry);
        _requireLink("contributionRegistry.timelock", registry.timelock(), d.timelock);
        _requireLink("contributionRegistry.token", registry.token(), d.token);
        RevenuePool pool = RevenuePool(d.revenuePool);
        _requireLink("revenuePool.timelock", pool.timelock(), d.timelock);
        _requireLink("revenuePool.token", pool.token(), d.token);
        AccessMarket market = AccessMarket(d.accessMarket);
        _requireLink("accessMarket.timelock", market.timelock(), d.timelock);
        _requireLink("accessMarket.registry", market.registry(), d.contributionRegistry);
        _requireLink("accessMarket.pool", market.pool(), d.revenuePool);
    }

    function _requireRoles(Deed memory d) private view {
        TimelockController timelock_ = TimelockController(payable(d.timelock));
        bytes32 admin = timelock_.DEFAULT_ADMIN_ROLE();
        bytes32 proposer = timelock_.PROPOSER_ROLE();
        bytes32 canceller = timelock_.CANCELLER_ROLE();
        _requireRole(timelock_, admin, d.timelock, true);
        _requireRole(timelock_, proposer, d.governor, true);
        _requireRole(timelock_, canceller, d.governor, true);
        _requireRole(timelock_, timelock_.EXECUTOR_ROLE(), address(0), true);
        _requireRole(timelock_, admin, msg.sender, false);
        _requireRole(timelock_, proposer, msg.sender, false);
        _requireRole(timelock_, canceller, msg.sender, false);
        _requireRole(timelock_, admin, d.governor, false);
        _requireRole(timelock_, proposer, address(0), false);
    }

    function _requireLink(string memory link, address found, address expected) private pure {
        require(found == expected, DataDaoWrongWiring(link, found, expected));
    }

    function _requireRole(TimelockController timelock_, bytes32 role, address account, bool held) private view {
        require(timelock_.hasRole(role, account) == held, DataDaoWrongRole(role, account, !held));
    }
}
