// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantId, IAccessMarket as Market} from "../../src/interfaces/IAccessMarket.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract RequestTest is DaoTest {
    bytes32 private constant WORKER = keccak256("worker");

    function setUp() public override {
        super.setUp();
        giveTokens(alice, 100);
        fund(buyer, address(market), 1_000e6);
    }

    function test_RevertWhen_DurationIsZeroOrEndless() public {
        Market.Terms memory terms = saleTerms(100e6);
        terms.duration = 0;
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketInvalidDuration.selector, 0, 36_500 days));
        terms.duration = 36_500 days + 1;
        _refused(
            terms, abi.encodeWithSelector(Market.AccessMarketInvalidDuration.selector, terms.duration, 36_500 days)
        );
    }

    function test_RevertWhen_ScopeIsEmptyOrBeyondTheBatches() public {
        Market.Terms memory terms = saleTerms(100e6);
        terms.scope = 0;
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketInvalidScope.selector, 0, 1));
        terms.scope = 2;
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketInvalidScope.selector, 2, 1));
    }

    function test_RevertWhen_PriceAndCurrencyDoNotBelongTogether() public {
        Market.Terms memory terms = saleTerms(100e6);
        terms.currency = address(0);
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketInvalidCurrency.selector, address(0), 100e6));
        terms = saleTerms(0);
        terms.currency = address(currency);
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketInvalidCurrency.selector, address(currency), 0));
    }

    function test_RevertWhen_PriceIsInTheDatasetsOwnToken() public {
        Market.Terms memory terms = saleTerms(100e6);
        terms.currency = address(token);
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketInvalidCurrency.selector, address(token), 100e6));
    }

    function test_RevertWhen_ASaleHasRenewals() public {
        Market.Terms memory terms = saleTerms(100e6);
        terms.renewals = 1;
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketInvalidRenewals.selector, 1));
    }

    function test_RevertWhen_AllRenewalsTogetherOverflowTheirField() public {
        Market.Terms memory terms = rentTerms(uint128(type(uint112).max / 3 + 1));
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketPriceTooLarge.selector, uint256(terms.price) * 3));
    }

    function test_RevertWhen_RecipientOrPurposeIsMissing() public {
        Market.Terms memory terms = saleTerms(100e6);
        terms.recipient = 0;
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketMissingRecipient.selector));
        terms = saleTerms(100e6);
        terms.purposeDigest = 0;
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketMissingPurpose.selector));
    }

    function test_RevertWhen_AWorkersModeLacksItsParts() public {
        Market.Terms memory terms = _jobTerms();
        terms.outputPolicyDigest = 0;
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketMissingOutputPolicy.selector));
        terms = _jobTerms();
        terms.runs = 0;
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketMissingRuns.selector));
        terms = _jobTerms();
        terms.jobDigest = 0;
        _refused(terms, abi.encodeWithSelector(Market.AccessMarketMissingJob.selector));
    }

    function test_RevertWhen_AModeOtherThanRawNamesNoApprovedWorker() public {
        for (uint8 mode = 1; mode < 4; ++mode) {
            Market.Terms memory terms = _jobTerms();
            terms.mode = Market.Mode(mode);
            _refused(terms, abi.encodeWithSelector(Market.AccessMarketWorkerNotApproved.selector, WORKER));
        }
    }

    function test_RevertWhen_NothingIsAllowedToBeTaken() public {
        Market.Terms memory terms = saleTerms(1_001e6);
        vm.expectRevert();
        vm.prank(buyer);
        market.request(terms);
    }

    function test_EscrowsThePriceAndKeepsTheTerms() public {
        Market.Terms memory terms = rentTerms(100e6);
        vm.expectEmit(address(market));
        emit Market.AccessRequested(GrantId.wrap(0), buyer, hashOf(terms), terms);
        vm.prank(buyer);
        GrantId requestId = market.request(terms);
        vm.assertEq(currency.balanceOf(address(market)), 100e6);
        vm.assertEq(market.grantCount(), 1);
        Market.Grant memory grant = market.grantAt(requestId);
        vm.assertEq(uint8(grant.state), uint8(Market.State.Requested));
        vm.assertEq(grant.termsHash, market.hashTerms(terms));
        vm.assertEq(grant.buyer, buyer);
        vm.assertEq(grant.price, 100e6);
        vm.assertEq(grant.grantedAt, 0);
        vm.assertEq(grant.endsAt, 0);
    }

    function test_FreeRequestMovesNothing() public {
        vm.prank(buyer);
        market.request(saleTerms(0));
        vm.assertEq(currency.balanceOf(address(market)), 0);
    }

    function test_JobForAnApprovedWorkerIsAccepted() public {
        vm.prank(address(timelock));
        market.setWorker(WORKER, true);
        Market.Terms memory terms = _jobTerms();
        vm.prank(buyer);
        market.request(terms);
        vm.assertEq(market.grantCount(), 1);
    }

    function test_PermitPaysWithoutAnAllowance() public {
        address payer = account("permit payer");
        currency.mint(payer, 100e6);
        (uint8 v, bytes32 r, bytes32 s) = _permit("permit payer", 100e6);
        Market.Terms memory terms = saleTerms(100e6);
        vm.prank(payer);
        market.requestWithPermit(terms, START, v, r, s);
        vm.assertEq(currency.balanceOf(address(market)), 100e6);
    }

    function test_PermitSentAheadByAStrangerDoesNotStopTheRequest() public {
        address payer = account("permit payer");
        currency.mint(payer, 100e6);
        (uint8 v, bytes32 r, bytes32 s) = _permit("permit payer", 100e6);
        vm.prank(stranger);
        currency.permit(payer, address(market), 100e6, START, v, r, s);
        Market.Terms memory terms = saleTerms(100e6);
        vm.prank(payer);
        market.requestWithPermit(terms, START, v, r, s);
        vm.assertEq(currency.balanceOf(address(market)), 100e6);
    }

    function test_RevertWhen_PermitIsWorthless() public {
        address payer = account("permit payer");
        currency.mint(payer, 100e6);
        (uint8 v, bytes32 r, bytes32 s) = _permit("stranger", 100e6);
        Market.Terms memory terms = saleTerms(100e6);
        vm.expectRevert();
        vm.prank(payer);
        market.requestWithPermit(terms, START, v, r, s);
    }

    function _permit(string memory signer, uint256 amount) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                account("permit payer"),
                address(market),
                amount,
                0,
                START
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", currency.DOMAIN_SEPARATOR(), structHash));
        return vm.sign(keyOf(signer), digest);
    }

    function _jobTerms() private view returns (Market.Terms memory terms) {
        terms = saleTerms(100e6);
        terms.mode = Market.Mode.Job;
        terms.runs = 10;
        terms.recipient = WORKER;
        terms.jobDigest = keccak256("job");
        terms.outputPolicyDigest = keccak256("output policy");
    }

    function _refused(Market.Terms memory terms, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(buyer);
        market.request(terms);
    }
}
