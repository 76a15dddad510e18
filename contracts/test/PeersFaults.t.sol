// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GrantId, IAccessMarket as Market} from "../src/interfaces/IAccessMarket.sol";
import {IContributionRegistry as Registry} from "../src/interfaces/IContributionRegistry.sol";
import {DistributionId, IRevenuePool as Pool} from "../src/interfaces/IRevenuePool.sol";
import {GovernanceTest} from "./base/GovernanceTest.sol";

/// @dev Faults found in peers' contracts, by their numbers; ours refuse or survive each. Numbers that are missing are not on chain.
contract PeersFaultsTest is GovernanceTest {
    function test_PeersFault01_OnlyValidatorsRecordContributions() public {
        Registry.Batch memory batch = _batch(stranger, 1_000_000 * POINTS);
        bytes32 digest = typedDigest(address(registry), batchStructHash(batch));
        bytes[] memory signatures = new bytes[](2);
        (signatures[0], signatures[1]) = (signature(keyOf("stranger"), digest), signature(keyOf("alice"), digest));
        vm.expectRevert();
        vm.prank(stranger);
        registry.commitBatch(batch, signatures);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryTooFewSignatures.selector, 0, 2));
        registry.commitBatch(batch, new bytes[](0));
    }

    /// @dev Every field is its own 32-byte word under the signature and in the leaf; nothing is packed.
    function test_PeersFault02_NoSignedFieldCanBeAltered() public {
        Registry.Batch memory batch = _batch(alice, 5);
        bytes[] memory signatures = signBatch(batch, 2);
        for (uint256 field = 0; field < 7; ++field) {
            Registry.Batch memory altered = abi.decode(abi.encode(batch), (Registry.Batch));
            if (field == 0) altered.batchId += 1;
            if (field == 1) altered.previous = keccak256("x");
            if (field == 2) altered.root = keccak256("x");
            if (field == 3) altered.count += 1;
            if (field == 4) (altered.points, altered.rewardPoints) = (6, 6);
            if (field == 5) altered.rewardRoot = rewardLeafHash(stranger, 5);
            if (field == 6) altered.rewardPoints += 1;
            vm.expectRevert();
            registry.commitBatch(altered, signatures);
        }
        registry.commitBatch(batch, signatures);
    }

    function test_PeersFault03_DatasetIdIsBound() public {
        Registry.Batch memory batch = _batch(alice, 5);
        bytes[] memory signatures = signBatch(batch, 2);
        registry.commitBatch(batch, signatures);
        createDao(0);
        vm.expectRevert();
        registry.commitBatch(batch, signatures);
    }

    /// @dev Nothing on chain is first come, first served: the owner is in the leaf, and only its signature or transaction acts for it.
    function test_PeersFault04_NobodyTakesAnOthersContributionFirst() public {
        uint256 batchId = commit(alice, 5);
        Registry.Leaf memory leaf = leafAt(batchId, 0);
        leaf.owner = stranger;
        vm.expectRevert(
            abi.encodeWithSelector(Registry.ContributionRegistryWrongProof.selector, batchId, leafHash(leaf))
        );
        vm.prank(stranger);
        registry.withdraw(batchId, leaf, new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongRewardProof.selector, stranger, 5));
        vm.prank(stranger);
        registry.claim(5, new bytes32[](0));
    }

    function test_PeersFault05_RemovingValidatorsVoidsNothing() public {
        commit(alice, 5);
        address[] memory others = new address[](1);
        others[0] = account("another validator");
        vm.prank(address(timelock));
        registry.setValidators(others, 1);
        registry.claimFor(alice, 5, new bytes32[](0));
        vm.assertEq(token.balanceOf(alice), 5e12);
        vm.assertEq(registry.batchCount(), 1);
    }

    function test_PeersFault06_NoJobWithoutAnApprovedWorker_NoPaymentWithoutAGrant() public {
        giveTokens(alice, 1);
        Market.Terms memory terms = saleTerms(100e6);
        (terms.mode, terms.runs) = (Market.Mode.Job, 1);
        (terms.jobDigest, terms.outputPolicyDigest) = (keccak256("job"), keccak256("policy"));
        fund(buyer, address(market), 100e6);
        vm.expectRevert(abi.encodeWithSelector(Market.AccessMarketWorkerNotApproved.selector, terms.recipient));
        vm.prank(buyer);
        market.request(terms);
        GrantId requestId = ask(saleTerms(100e6));
        vm.expectRevert(
            abi.encodeWithSelector(Market.AccessMarketWrongState.selector, requestId, Market.State.Requested)
        );
        market.collect(requestId);
    }

    /// @dev A member cannot name its own points: they are in the tree that validators sign. Duplicates are refused before a leaf is signed.
    function test_PeersFault10_ContributorsDoNotDeclareTheirOwnScore() public {
        commit(alice, 5);
        vm.expectRevert(abi.encodeWithSelector(Registry.ContributionRegistryWrongRewardProof.selector, alice, 5_000));
        vm.prank(alice);
        registry.claim(5_000, new bytes32[](0));
    }

    function test_PeersFault11_NewcomersGetNothingOfEarlierRevenue() public {
        giveTokens(alice, 100);
        skip(1);
        DistributionId distributionId = pay(100e6);
        giveTokens(bob, 100);
        skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(Pool.RevenuePoolNothingToClaim.selector, bob, address(currency)));
        pool.claimFor(bob, address(currency), ids(distributionId));
        pool.claimFor(alice, address(currency), ids(distributionId));
        vm.assertEq(currency.balanceOf(alice), 80e6);
    }

    function test_PeersFault12_LeavingBeforeClaimingLosesNothing() public {
        giveTokens(alice, 100);
        skip(1);
        DistributionId distributionId = pay(100e6);
        vm.prank(alice);
        token.transfer(stranger, 100 * TOKEN);
        skip(1_000 days);
        pool.claimFor(alice, address(currency), ids(distributionId));
        vm.assertEq(currency.balanceOf(alice), 80e6);
    }

    /// @dev There are no modules, and the timelock itself, asked by a vote, has no way to members' money.
    function test_PeersFault13_NotEvenAVoteTakesUnclaimedEarnings() public {
        giveTokens(alice, 100);
        skip(1);
        DistributionId distributionId = pay(100e6);
        vm.prank(address(timelock));
        pool.setSplit(Pool.Split(0, 10_000, stranger, stranger));
        vm.expectRevert();
        pool.payTreasury(1, address(currency));
        vm.prank(address(timelock));
        vm.expectRevert();
        currency.transferFrom(address(pool), stranger, 1);
        vm.assertEq(pool.claimable(alice, address(currency), distributionId), 80e6);
    }

    function test_PeersFault14_RentalPeriodIsFixedByTheVotedTerms() public {
        giveTokens(alice, 100);
        GrantId grantId = open(rentTerms(100e6));
        Market.Terms memory longer = rentTerms(100e6);
        longer.duration = 300 days;
        vm.assertFalse(market.isOpen(grantId, longer));
        skip(30 days);
        vm.assertFalse(market.isOpen(grantId, rentTerms(100e6)));
        vm.assertEq(market.grantAt(grantId).duration, 30 days);
    }

    /// @dev The leaf that a guardian opens is bound to this registry's batch, and the grant to the number of batches that existed at the request.
    function test_PeersFault18_CiphertextIsBoundToTheDatasetAndScope() public {
        giveTokens(alice, 1);
        Market.Terms memory terms = saleTerms(100e6);
        GrantId grantId = open(terms);
        commit(bob, 5);
        terms.scope = 2;
        vm.assertFalse(market.isOpen(grantId, terms));
        Registry.Leaf memory leaf = leafAt(1, 0);
        bytes32 hash = leafHash(leaf);
        vm.assertEq(registry.batchAt(1).root, hash);
        leaf.ciphertextDigest = keccak256("another dataset's file");
        vm.assertFalse(registry.batchAt(1).root == leafHash(leaf));
        leaf = leafAt(1, 0);
        leaf.ephemeralShare = keccak256("a copied share");
        vm.assertFalse(registry.batchAt(1).root == leafHash(leaf));
    }

    /// forge-config: default.isolate = true
    function test_PeersFault19_ARequestCostsTheSameHoweverManyAreOpen() public {
        giveTokens(alice, 1);
        ask(saleTerms(100e6));
        uint256 few = _costOfRequest();
        for (uint256 i = 0; i < 300; ++i) {
            ask(saleTerms(100e6));
        }
        uint256 many = _costOfRequest();
        vm.assertApproxEqAbs(few, many, 100);
    }

    function test_PeersFault21_TheOrganisationActsWithoutAnyHostedLayer() public {
        giveTokens(alice, 100);
        skip(1);
        GrantId requestId = ask(saleTerms(100e6));
        pass(alice, approval(requestId, saleTerms(100e6)));
        skip(1);
        vm.prank(alice);
        pool.claim(address(currency), ids(0, 1));
        vm.assertEq(currency.balanceOf(alice), 80e6);
    }

    function test_PeersFault22_WorkersAndGuardiansCanBeReplaced() public {
        giveTokens(alice, 100);
        skip(1);
        vm.prank(address(timelock));
        market.setWorker(keccak256("worker"), true);
        pass(alice, proposal(address(market), abi.encodeCall(Market.setWorker, (keccak256("worker"), false))));
        vm.assertFalse(market.isWorker(keccak256("worker")));
        Proposal memory p = proposal(
            address(guardianRegistry), abi.encodeWithSignature("startEpoch(address[],uint256)", guardians(7), 4)
        );
        p.description = "New guardians";
        pass(alice, p);
        vm.assertEq(guardianRegistry.latestEpoch(), 2);
    }

    function test_PeersFault23_TokensThatWereNeverDelegatedVote() public {
        giveTokens(alice, 100);
        skip(1);
        uint256 proposalId = propose(alice, proposal(address(market), abi.encodeCall(Market.setWorker, (SCHEMA, true))));
        skip(VOTING_DELAY + 1);
        vote(alice, proposalId, 1);
        skip(VOTING_PERIOD);
        vm.assertEq(uint8(governor.state(proposalId)), uint8(IGovernor.ProposalState.Succeeded));
    }

    function _costOfRequest() private returns (uint256) {
        Market.Terms memory terms = saleTerms(100e6);
        fund(buyer, address(market), 200e6);
        vm.prank(buyer);
        market.request(terms);
        return vm.lastCallGas().gasTotalUsed;
    }

    function _batch(address owner, uint256 points) private returns (Registry.Batch memory) {
        (address[] memory owners, uint256[] memory list) = (new address[](1), new uint256[](1));
        (owners[0], list[0]) = (owner, points);
        return nextBatch(owners, list);
    }
}
