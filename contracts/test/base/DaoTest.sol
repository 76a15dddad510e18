// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantId, IAccessMarket} from "../../src/interfaces/IAccessMarket.sol";
import {DistributionId} from "../../src/interfaces/IRevenuePool.sol";
import {SignedBatches} from "./SignedBatches.sol";

/// @dev What the tests of all contracts start from: a DAO, its batches, requests and payments.
abstract contract DaoTest is SignedBatches {
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
}
