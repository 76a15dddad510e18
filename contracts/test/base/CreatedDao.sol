// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {AccessMarket} from "../../src/AccessMarket.sol";
import {ContributionRegistry} from "../../src/ContributionRegistry.sol";
import {DataDao} from "../../src/DataDao.sol";
import {DataGovernor} from "../../src/DataGovernor.sol";
import {DataToken} from "../../src/DataToken.sol";
import {GuardianRegistry} from "../../src/GuardianRegistry.sol";
import {IDataDao} from "../../src/interfaces/IDataDao.sol";
import {IRevenuePool} from "../../src/interfaces/IRevenuePool.sol";
import {RevenuePool} from "../../src/RevenuePool.sol";
import {TestCurrency} from "../../src/trial/TestCurrency.sol";
import {Test} from "./Test.sol";

/// @dev A DAO created exactly as docs/protocol.md §3 says: by a fresh key, with plain CREATE, in the order of its nonces.
abstract contract CreatedDao is Test {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant TOKEN = 1e18;
    uint256 internal constant POINTS = 1_000_000;
    uint256 internal constant DAILY_LIMIT = 1_000_000 * POINTS;
    uint256 internal constant VOTING_DELAY = 1 days;
    uint256 internal constant VOTING_PERIOD = 5 days;
    uint256 internal constant TIMELOCK_DELAY = 2 days;
    bytes32 internal constant SCHEMA = keccak256("reddit-export-v1");
    bytes32 internal constant POLICY = sha256("policy");

    address internal creator = account("creator");
    address internal alice = account("alice");
    address internal bob = account("bob");
    address internal carol = account("carol");
    address internal buyer = account("buyer");
    address internal stranger = account("stranger");
    address internal operators = account("operators");

    TimelockController internal timelock;
    DataToken internal token;
    DataGovernor internal governor;
    GuardianRegistry internal guardianRegistry;
    ContributionRegistry internal registry;
    RevenuePool internal pool;
    AccessMarket internal market;
    DataDao internal dao;
    TestCurrency internal currency;

    function setUp() public virtual {
        vm.warp(START);
        createDao(founderShare());
        currency = TestCurrency(deploy("TestCurrency.sol:TestCurrency", ""));
    }

    function founderShare() internal pure virtual returns (uint256) {
        return 0;
    }

    function createDao(uint256 founders) internal {
        address[8] memory places;
        uint64 nonce = vm.getNonce(creator);
        for (uint256 i = 0; i < 8; ++i) {
            places[i] = vm.computeCreateAddress(creator, nonce + i);
        }
        vm.startPrank(creator);
        address[] memory proposers = new address[](1);
        proposers[0] = places[2];
        timelock = TimelockController(
            payable(deploy(
                    "TimelockController.sol:TimelockController",
                    abi.encode(TIMELOCK_DELAY, proposers, new address[](1), address(0))
                ))
        );
        token = DataToken(
            deploy("DataToken.sol:DataToken", abi.encode("Data", "DATA", places[4], account("founder"), founders))
        );
        governor = DataGovernor(payable(deploy("DataGovernor.sol:DataGovernor", abi.encode(token, timelock, rules()))));
        guardianRegistry =
            GuardianRegistry(deploy("GuardianRegistry.sol:GuardianRegistry", abi.encode(timelock, guardians(5), 3)));
        registry = ContributionRegistry(
            deploy(
                "ContributionRegistry.sol:ContributionRegistry",
                abi.encode(timelock, token, validators(), 2, DAILY_LIMIT, POLICY)
            )
        );
        pool = RevenuePool(deploy("RevenuePool.sol:RevenuePool", abi.encode(timelock, token, split())));
        market = AccessMarket(deploy("AccessMarket.sol:AccessMarket", abi.encode(timelock, registry, pool)));
        dao = DataDao(deploy("DataDao.sol:DataDao", abi.encode(deed())));
        vm.stopPrank();
        vm.assertEq(address(dao), places[7]);
    }

    function rules() internal pure virtual returns (DataGovernor.Rules memory) {
        return DataGovernor.Rules({
            votingDelay: uint48(VOTING_DELAY),
            votingPeriod: uint32(VOTING_PERIOD),
            lateQuorumExtension: 1 days,
            proposalThresholdBps: 50,
            quorumPercent: 4,
            quorumFloor: 0
        });
    }

    function split() internal view returns (IRevenuePool.Split memory) {
        return IRevenuePool.Split({
            operatorsBps: 1_000, treasuryBps: 1_000, operators: operators, treasury: address(timelock)
        });
    }

    function deed() internal view returns (IDataDao.Deed memory) {
        return IDataDao.Deed({
            timelock: address(timelock),
            token: address(token),
            governor: address(governor),
            guardianRegistry: address(guardianRegistry),
            contributionRegistry: address(registry),
            revenuePool: address(pool),
            accessMarket: address(market),
            schema: SCHEMA,
            nameDigest: keccak256("Data"),
            metadataDigest: bytes32(0)
        });
    }

    function guardians(uint256 count) internal pure returns (address[] memory list) {
        list = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = account(string.concat("guardian ", vm.toString(i + 1)));
        }
    }

    /// @dev In ascending order of address, so that signatures made in this order are too.
    function validatorKeys() internal pure returns (uint256[] memory keys) {
        keys = new uint256[](3);
        for (uint256 i = 0; i < 3; ++i) {
            uint256 key = keyOf(string.concat("validator ", vm.toString(i + 1)));
            uint256 place = i;
            while (place > 0 && vm.addr(keys[place - 1]) > vm.addr(key)) {
                keys[place] = keys[place - 1];
                --place;
            }
            keys[place] = key;
        }
    }

    function validators() internal pure returns (address[] memory list) {
        uint256[] memory keys = validatorKeys();
        list = new address[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            list[i] = vm.addr(keys[i]);
        }
    }
}
