// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {AccessMarket} from "../../src/AccessMarket.sol";
import {ContributionRegistry} from "../../src/ContributionRegistry.sol";
import {DataDao} from "../../src/DataDao.sol";
import {DataGovernor} from "../../src/DataGovernor.sol";
import {DataToken} from "../../src/DataToken.sol";
import {GuardianRegistry} from "../../src/GuardianRegistry.sol";
import {GrantId, IAccessMarket} from "../../src/interfaces/IAccessMarket.sol";
import {IContributionRegistry} from "../../src/interfaces/IContributionRegistry.sol";
import {IDataDao} from "../../src/interfaces/IDataDao.sol";
import {DistributionId, IRevenuePool} from "../../src/interfaces/IRevenuePool.sol";
import {RevenuePool} from "../../src/RevenuePool.sol";
import {TestCurrency} from "../../src/trial/TestCurrency.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {Test} from "./Test.sol";

/// @dev A DAO created exactly as docs/protocol.md §3 says: by a fresh key, with plain CREATE, in the order of its nonces.
abstract contract DaoTest is Test {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant TOKEN = 1e18;
    uint256 internal constant POINTS = 1_000_000;
    uint256 internal constant DAILY_LIMIT = 1_000_000 * POINTS;
    uint256 internal constant VOTING_DELAY = 1 days;
    uint256 internal constant VOTING_PERIOD = 5 days;
    uint256 internal constant TIMELOCK_DELAY = 2 days;
    bytes32 internal constant SCHEMA = keccak256("reddit-export-v1");

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

    mapping(uint256 batchId => IContributionRegistry.Leaf[]) private _leaves;
    address[] private _earners;
    mapping(address account => uint256) internal cumulativePoints;

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
        guardianRegistry = GuardianRegistry(
            deploy("GuardianRegistry.sol:GuardianRegistry", abi.encode(timelock, guardians(5), 3))
        );
        registry = ContributionRegistry(
            deploy(
                "ContributionRegistry.sol:ContributionRegistry",
                abi.encode(timelock, token, validators(), 2, DAILY_LIMIT)
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
            operatorsBps: 1_000,
            treasuryBps: 1_000,
            operators: operators,
            treasury: address(timelock)
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

    // Batches and rewards

    function domainSeparator(address verifyingContract) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Commonhold"),
                keccak256("1"),
                block.chainid,
                verifyingContract
            )
        );
    }

    function typedDigest(address verifyingContract, bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(verifyingContract), structHash));
    }

    function batchStructHash(IContributionRegistry.Batch memory batch) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Batch(uint256 batchId,bytes32 previous,bytes32 root,uint32 count,uint256 points,bytes32 rewardRoot,uint256 rewardPoints)"
                ),
                batch.batchId,
                batch.previous,
                batch.root,
                batch.count,
                batch.points,
                batch.rewardRoot,
                batch.rewardPoints
            )
        );
    }

    function signBatch(IContributionRegistry.Batch memory batch, uint256 signers)
        internal
        view
        returns (bytes[] memory signatures)
    {
        uint256[] memory keys = validatorKeys();
        bytes32 digest = typedDigest(address(registry), batchStructHash(batch));
        signatures = new bytes[](signers);
        for (uint256 i = 0; i < signers; ++i) {
            signatures[i] = signature(keys[i], digest);
        }
    }

    function leafHash(IContributionRegistry.Leaf memory leaf) internal pure returns (bytes32) {
        return keccak256(
            bytes.concat(
                keccak256(
                    abi.encode(
                        leaf.index,
                        leaf.owner,
                        leaf.ciphertextDigest,
                        leaf.size,
                        leaf.ephemeralShare,
                        leaf.schema,
                        leaf.keyEpoch,
                        leaf.points,
                        leaf.nullifier
                    )
                )
            )
        );
    }

    function rewardLeafHash(address earner, uint256 points) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(earner, points))));
    }

    function someLeaf(uint256 batchId, uint32 index, address owner, uint256 points)
        internal
        pure
        returns (IContributionRegistry.Leaf memory)
    {
        return IContributionRegistry.Leaf({
            index: index,
            owner: owner,
            ciphertextDigest: keccak256(abi.encode("ciphertext", batchId, index)),
            size: 1_000_000 + index,
            ephemeralShare: keccak256(abi.encode("share", batchId, index)),
            schema: SCHEMA,
            keyEpoch: 1,
            points: points,
            nullifier: keccak256(abi.encode("nullifier", owner))
        });
    }

    /// @dev The next batch, one leaf for each owner; books the leaves and rewards in this test.
    function nextBatch(address[] memory owners, uint256[] memory points)
        internal
        returns (IContributionRegistry.Batch memory)
    {
        uint256 batchId = registry.batchCount();
        delete _leaves[batchId];
        uint256 sum = 0;
        for (uint32 i = 0; i < owners.length; ++i) {
            _leaves[batchId].push(someLeaf(batchId, i, owners[i], points[i]));
            _earn(owners[i], points[i]);
            sum += points[i];
        }
        return IContributionRegistry.Batch({
            batchId: batchId,
            previous: registry.head(),
            root: MerkleTree.root(leafHashes(batchId)),
            count: uint32(owners.length),
            points: sum,
            rewardRoot: MerkleTree.root(rewardHashes()),
            rewardPoints: registry.rewardPoints() + sum
        });
    }

    function commit(address[] memory owners, uint256[] memory points) internal returns (uint256 batchId) {
        IContributionRegistry.Batch memory batch = nextBatch(owners, points);
        registry.commitBatch(batch, signBatch(batch, 2));
        return batch.batchId;
    }

    function commit(address owner, uint256 points) internal returns (uint256 batchId) {
        (address[] memory owners, uint256[] memory list) = (new address[](1), new uint256[](1));
        (owners[0], list[0]) = (owner, points);
        return commit(owners, list);
    }

    /// @dev Contributes, commits and claims, so that the account holds that many tokens more.
    function giveTokens(address holder, uint256 tokens) internal {
        commit(holder, tokens * POINTS);
        registry.claimFor(holder, cumulativePoints[holder], rewardProof(holder));
    }

    function leafAt(uint256 batchId, uint256 index) internal view returns (IContributionRegistry.Leaf memory) {
        return _leaves[batchId][index];
    }

    function leafHashes(uint256 batchId) internal view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](_leaves[batchId].length);
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = leafHash(_leaves[batchId][i]);
        }
    }

    function leafProof(uint256 batchId, uint256 index) internal view returns (bytes32[] memory) {
        return MerkleTree.proof(leafHashes(batchId), index);
    }

    function rewardHashes() internal view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](_earners.length);
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = rewardLeafHash(_earners[i], cumulativePoints[_earners[i]]);
        }
    }

    function rewardProof(address earner) internal view returns (bytes32[] memory) {
        uint256 index = 0;
        while (_earners[index] != earner) {
            ++index;
        }
        return MerkleTree.proof(rewardHashes(), index);
    }

    function _earn(address earner, uint256 points) private {
        cumulativePoints[earner] += points;
        uint256 place = 0;
        while (place < _earners.length && _earners[place] < earner) {
            ++place;
        }
        if (place < _earners.length && _earners[place] == earner) {
            return;
        }
        _earners.push(earner);
        for (uint256 i = _earners.length - 1; i > place; --i) {
            _earners[i] = _earners[i - 1];
        }
        _earners[place] = earner;
    }

    // Requests and revenue

    function saleTerms(uint128 price) internal view returns (IAccessMarket.Terms memory) {
        return IAccessMarket.Terms({
            mode: IAccessMarket.Mode.Raw,
            pricing: IAccessMarket.Pricing.Sale,
            renewals: 0,
            runs: 0,
            duration: 30 days,
            scope: 1,
            currency: price == 0 ? address(0) : address(currency),
            price: price,
            recipient: keccak256("recipient"),
            purposeDigest: keccak256("purpose"),
            jobDigest: bytes32(0),
            outputPolicyDigest: bytes32(0)
        });
    }

    function rentTerms(uint128 price) internal view returns (IAccessMarket.Terms memory terms) {
        terms = saleTerms(price);
        terms.pricing = IAccessMarket.Pricing.Rent;
        terms.renewals = 2;
    }

    function hashOf(IAccessMarket.Terms memory terms) internal pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    function fund(address payer, address spender, uint256 amount) internal {
        currency.mint(payer, amount);
        vm.prank(payer);
        currency.approve(spender, amount);
    }

    function ask(IAccessMarket.Terms memory terms) internal returns (GrantId requestId) {
        if (terms.price > 0) {
            fund(buyer, address(market), terms.price);
        }
        vm.prank(buyer);
        return market.request(terms);
    }

    function open(IAccessMarket.Terms memory terms) internal returns (GrantId grantId) {
        grantId = ask(terms);
        vm.prank(address(timelock));
        market.approve(grantId, hashOf(terms));
    }

    function pay(uint256 amount) internal returns (DistributionId) {
        fund(buyer, address(pool), amount);
        vm.prank(buyer);
        return pool.distribute(address(currency), amount);
    }

    function ids(DistributionId first) internal pure returns (DistributionId[] memory list) {
        list = new DistributionId[](1);
        list[0] = first;
    }

    function ids(uint256 first, uint256 count) internal pure returns (DistributionId[] memory list) {
        list = new DistributionId[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = DistributionId.wrap(first + i);
        }
    }

    /// @dev `block.timestamp` read after a warp in one function may be cached by the optimizer; the cheatcode is not.
    function skip(uint256 duration) internal {
        vm.warp(vm.getBlockTimestamp() + duration);
    }
}
