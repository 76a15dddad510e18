// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantId, IAccessMarket as Market} from "../../src/interfaces/IAccessMarket.sol";
import {IContributionRegistry as Registry} from "../../src/interfaces/IContributionRegistry.sol";
import {DistributionId, IRevenuePool as Pool} from "../../src/interfaces/IRevenuePool.sol";
import {TestCurrency} from "../../src/trial/TestCurrency.sol";
import {GovernanceTest} from "../base/GovernanceTest.sol";

/// @dev Random members, buyers and strangers; keeps its own books beside the contracts'. An action that is not possible now does nothing.
contract Handler is GovernanceTest {
    uint256 public constant LIMIT = 500 * POINTS;

    struct Payment {
        address currency;
        uint256 members;
        uint256 claimed;
        uint256 snapshot;
    }

    struct Purchase {
        uint256 paid;
        uint256 returned;
        bool refunded;
        bytes32 votedTerms;
        Market.Terms terms;
    }

    address[] public actors = [account("alice"), account("bob"), account("carol"), account("dave")];
    TestCurrency[2] public currencies;
    Payment[] private _payments;
    Purchase[] private _purchases;
    mapping(uint256 batchId => bool) public withdrawn;
    mapping(uint256 day => uint256) public mintedOn;
    uint256 public batchPoints;
    bytes32 public lastHash;

    constructor() {
        setUp();
        currencies = [currency, TestCurrency(deploy("TestCurrency.sol:TestCurrency", ""))];
        vm.prank(address(timelock));
        registry.setDailyLimit(LIMIT);
        contribute(0, 100 * POINTS);
        claimReward(0);
    }

    function founderShare() internal pure override returns (uint256) {
        return 1_000 * TOKEN;
    }

    function payments() external view returns (Payment[] memory) {
        return _payments;
    }

    function purchases() external view returns (Purchase[] memory) {
        return _purchases;
    }

    function holders() external view returns (address[] memory list) {
        list = new address[](actors.length + 1);
        for (uint256 i = 0; i < actors.length; ++i) {
            list[i] = actors[i];
        }
        list[actors.length] = account("founder");
    }

    // What the invariants read

    function contracts() external view returns (address, address, address, address) {
        return (address(token), address(registry), address(market), address(pool));
    }

    function earnedBy(address earner) external view returns (uint256) {
        return cumulativePoints[earner];
    }

    // Actions

    function contribute(uint256 actor, uint256 points) public {
        (address[] memory owners, uint256[] memory list) = (new address[](1), new uint256[](1));
        (owners[0], list[0]) = (_actor(actor), bound(points, 0, 2_000 * POINTS));
        Registry.Batch memory batch = nextBatch(owners, list);
        registry.commitBatch(batch, signBatch(batch, 2));
        batchPoints += batch.points;
        lastHash = batchStructHash(batch);
    }

    function claimReward(uint256 actor) public {
        address earner = _actor(actor);
        if (cumulativePoints[earner] <= registry.claimedPoints(earner) || registry.mintableToday() == 0) {
            return;
        }
        uint256 minted = registry.claimFor(earner, cumulativePoints[earner], rewardProof(earner));
        mintedOn[vm.getBlockTimestamp() / 1 days] += minted;
    }

    function withdraw(uint256 seed) external {
        uint256 batchId = seed % registry.batchCount();
        if (withdrawn[batchId]) {
            return;
        }
        Registry.Leaf memory leaf = leafAt(batchId, 0);
        vm.prank(leaf.owner);
        registry.withdraw(batchId, leaf, new bytes32[](0));
        withdrawn[batchId] = true;
    }

    function transfer(uint256 from, uint256 to, uint256 amount) external {
        address sender = _actor(from);
        amount = bound(amount, 0, token.balanceOf(sender));
        vm.prank(sender);
        token.transfer(_actor(to), amount);
    }

    function delegate(uint256 from, uint256 to) external {
        address delegatee = to % 5 == 4 ? address(0) : _actor(to);
        vm.prank(_actor(from));
        token.delegate(delegatee);
    }

    function request(uint256 price, bool rent, uint256 which) external {
        Market.Terms memory terms =
            rent ? rentTerms(uint128(bound(price, 1, 1_000e6))) : saleTerms(uint128(bound(price, 1, 1_000e6)));
        terms.currency = address(currencies[which % 2]);
        terms.purposeDigest = keccak256(abi.encode(_purchases.length));
        _fund(terms.currency, address(market), terms.price);
        vm.prank(buyer);
        market.request(terms);
        Purchase storage purchase = _purchases.push();
        purchase.paid = terms.price;
        purchase.terms = terms;
    }

    /// @dev A whole vote: proposal, ballots, timelock, execution.
    function decide(uint256 seed, bool yes) external {
        (bool found, GrantId grantId, Purchase storage purchase) = _purchase(seed, Market.State.Requested);
        if (!found) {
            return;
        }
        skip(1);
        Proposal memory p = approval(grantId, purchase.terms);
        p.description = vm.toString(vm.getBlockTimestamp());
        address founder = account("founder");
        uint256 proposalId = propose(founder, p);
        skip(VOTING_DELAY + 1);
        vote(founder, proposalId, yes ? 1 : 0);
        skip(VOTING_PERIOD + 1 days);
        if (uint8(governor.state(proposalId)) != 4) {
            return;
        }
        queue(p);
        skip(TIMELOCK_DELAY);
        execute(p);
        purchase.votedTerms = hashOf(purchase.terms);
        if (purchase.terms.pricing == Market.Pricing.Sale) {
            _book(purchase.terms.currency);
        }
    }

    function approveWithoutVote(uint256 seed, uint256 caller) external {
        (bool found, GrantId grantId, Purchase storage purchase) = _purchase(seed, Market.State.Requested);
        if (!found) {
            return;
        }
        bytes32 termsHash = hashOf(purchase.terms);
        vm.prank(caller % 2 == 0 ? buyer : _actor(caller));
        try market.approve(grantId, termsHash) {
            revert("approved without a vote");
        } catch {}
    }

    function refund(uint256 seed) external {
        (bool found, GrantId grantId, Purchase storage purchase) = _purchase(seed, Market.State.Requested);
        if (found) {
            _refund(grantId, purchase);
            purchase.refunded = true;
        }
    }

    function returnUnearned(uint256 seed) external {
        (bool found, GrantId grantId, Purchase storage purchase) = _purchase(seed, Market.State.Revoked);
        if (found && !market.grantAt(grantId).unearnedReturned && market.earned(grantId) < purchase.paid) {
            _refund(grantId, purchase);
        }
    }

    function renew(uint256 seed) external {
        (bool found, GrantId grantId, Purchase storage purchase) = _purchase(seed, Market.State.Granted);
        Market.Grant memory grant = market.grantAt(grantId);
        if (!found || grant.renewalsUsed == grant.renewals || vm.getBlockTimestamp() >= grant.endsAt) {
            return;
        }
        _fund(grant.currency, address(market), grant.price);
        vm.prank(buyer);
        market.renew(grantId);
        purchase.paid += grant.price;
    }

    function collect(uint256 seed, bool revoked) external {
        (bool found, GrantId grantId,) = _purchase(seed, revoked ? Market.State.Revoked : Market.State.Granted);
        Market.Grant memory grant = market.grantAt(grantId);
        uint256 due = market.earned(grantId) - grant.collected;
        if (!found || due == 0 || (vm.getBlockTimestamp() < grant.endsAt && due < grant.price / 32)) {
            return;
        }
        market.collect(grantId);
        _book(grant.currency);
    }

    function revoke(uint256 seed) external {
        (bool found, GrantId grantId,) = _purchase(seed, Market.State.Granted);
        if (found && vm.getBlockTimestamp() < market.grantAt(grantId).endsAt) {
            vm.prank(address(timelock));
            market.revoke(grantId);
        }
    }

    function distribute(uint256 amount, uint256 which) external {
        amount = bound(amount, 1, 1_000e6);
        address paid = address(currencies[which % 2]);
        _fund(paid, address(pool), amount);
        vm.prank(buyer);
        pool.distribute(paid, amount);
        _book(paid);
    }

    function claimRevenue(uint256 actor, uint256 seed) external {
        if (_payments.length > 0) {
            _claim(actor % 5 == 4 ? account("founder") : _actor(actor), seed % _payments.length);
        }
    }

    /// @dev Once all holders have claimed nothing may remain.
    function claimAllRevenue(uint256 seed) external {
        if (_payments.length == 0) {
            return;
        }
        uint256 id = seed % _payments.length;
        for (uint256 i = 0; i < actors.length; ++i) {
            _claim(_actor(seed / 7 + i), id);
        }
        _claim(account("founder"), id);
        vm.assertEq(_payments[id].claimed, _payments[id].members);
    }

    function payShares(uint256 which, uint256 seed) external {
        uint256 splitId = seed % (pool.currentSplitId() + 1);
        address paid = address(currencies[which % 2]);
        (uint256 forOperators, uint256 forTreasury) = pool.sharesDue(splitId, paid);
        if (forOperators > 0) {
            pool.payOperators(splitId, paid);
        }
        if (forTreasury > 0) {
            pool.payTreasury(splitId, paid);
        }
    }

    function setSplit(uint256 operatorsBps, uint256 treasuryBps) external {
        Pool.Split memory changed = split();
        changed.operatorsBps = uint16(bound(operatorsBps, 0, 10_000));
        changed.treasuryBps = uint16(bound(treasuryBps, 0, 10_000 - changed.operatorsBps));
        vm.prank(address(timelock));
        pool.setSplit(changed);
    }

    function wait_(uint256 duration) external {
        skip(bound(duration, 1, 20 days));
    }

    function _claim(address holder, uint256 id) private {
        Payment storage payment = _payments[id];
        bool held = token.getPastBalance(holder, payment.snapshot) > 0;
        if (!held || pool.isClaimed(holder, DistributionId.wrap(id))) {
            return;
        }
        uint256 before = TestCurrency(payment.currency).balanceOf(holder);
        pool.claimFor(holder, payment.currency, ids(id, 1));
        payment.claimed += TestCurrency(payment.currency).balanceOf(holder) - before;
    }

    function _refund(GrantId grantId, Purchase storage purchase) private {
        TestCurrency paid = TestCurrency(purchase.terms.currency);
        uint256 before = paid.balanceOf(buyer);
        vm.prank(buyer);
        market.refund(grantId);
        purchase.returned += paid.balanceOf(buyer) - before;
    }

    /// @dev Writes down the distribution that was just made.
    function _book(address paid) private {
        uint256 id = pool.distributionCount() - 1;
        Pool.Distribution memory distribution = pool.distributionAt(paid, DistributionId.wrap(id));
        _payments.push(Payment(paid, distribution.remaining, 0, distribution.snapshot));
    }

    function _fund(address paid, address spender, uint256 amount) private {
        TestCurrency(paid).mint(buyer, amount);
        vm.prank(buyer);
        TestCurrency(paid).approve(spender, amount);
    }

    /// @dev The first request in that state, from a random one on.
    function _purchase(uint256 seed, Market.State state)
        private
        view
        returns (bool found, GrantId grantId, Purchase storage purchase)
    {
        uint256 count = _purchases.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 id = (seed % count + i) % count;
            if (market.grantAt(GrantId.wrap(id)).state == state) {
                return (true, GrantId.wrap(id), _purchases[id]);
            }
        }
        purchase = _nothing();
    }

    function _nothing() private pure returns (Purchase storage purchase) {
        assembly ("memory-safe") {
            purchase.slot := not(0)
        }
    }

    function _actor(uint256 seed) private view returns (address) {
        return actors[seed % actors.length];
    }
}
