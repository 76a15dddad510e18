// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessMarket} from "../../src/interfaces/IAccessMarket.sol";
import {IContributionRegistry} from "../../src/interfaces/IContributionRegistry.sol";
import {DaoTest} from "../base/DaoTest.sol";
import {Vectors} from "./Vectors.sol";

contract ProtocolVectorsTest is DaoTest {
    function test_CommittedVectorsAreWhatTheContractsCompute() public {
        string memory fresh = "cache/protocol-vectors.json";
        vm.writeJson(new Vectors().json(), fresh);
        vm.assertEq(vm.readFile("../tests/testdata/protocol-vectors.json"), vm.readFile(fresh));
    }

    function testFuzz_LeafIsTheFieldsEncodedOneByOne(IContributionRegistry.Leaf memory leaf) public {
        vm.assertEq(new Vectors().hashLeaf(leaf), leafHash(leaf));
    }

    function testFuzz_BatchIsItsEip712Struct(IContributionRegistry.Batch memory batch) public {
        vm.assertEq(new Vectors().hashBatch(batch), batchStructHash(batch));
    }

    function testFuzz_TermsAreTheFieldsEncodedOneByOne(uint8 mode, uint32 runs, uint64 scope, uint128 price)
        public
        view
    {
        IAccessMarket.Terms memory terms = rentTerms(price);
        terms.mode = IAccessMarket.Mode(mode % 4);
        (terms.runs, terms.scope) = (runs, scope);
        bytes memory money = abi.encode(terms.duration, terms.scope, terms.currency, terms.price);
        bytes memory rules = abi.encode(terms.mode, terms.pricing, terms.renewals, terms.runs);
        bytes memory digests =
            abi.encode(terms.recipient, terms.purposeDigest, terms.jobDigest, terms.outputPolicyDigest);
        vm.assertEq(market.hashTerms(terms), keccak256(bytes.concat(rules, money, digests)));
    }

    function test_RegistryAnnouncesTheDomainOfTheProtocol() public view {
        (, string memory name, string memory version, uint256 chainId, address verifyingContract,,) =
            registry.eip712Domain();
        vm.assertEq(name, "Commonhold");
        vm.assertEq(version, "1");
        vm.assertEq(chainId, block.chainid);
        vm.assertEq(verifyingContract, address(registry));
    }
}
