// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantId, IAccessMarket} from "../../src/interfaces/IAccessMarket.sol";
import {DaoTest} from "./DaoTest.sol";

/// @dev Proposals from the first word to their execution.
abstract contract GovernanceTest is DaoTest {
    struct Proposal {
        address[] targets;
        uint256[] values;
        bytes[] calls;
        string description;
    }

    function proposal(address target, bytes memory call) internal pure returns (Proposal memory p) {
        (p.targets, p.values, p.calls) = (new address[](1), new uint256[](1), new bytes[](1));
        (p.targets[0], p.calls[0], p.description) = (target, call, "A proposal");
    }

    function approval(GrantId requestId, IAccessMarket.Terms memory terms) internal view returns (Proposal memory) {
        return proposal(address(market), abi.encodeCall(IAccessMarket.approve, (requestId, hashOf(terms))));
    }

    function propose(address proposer, Proposal memory p) internal returns (uint256) {
        vm.prank(proposer);
        return governor.propose(p.targets, p.values, p.calls, p.description);
    }

    function vote(address voter, uint256 proposalId, uint8 support) internal {
        vm.prank(voter);
        governor.castVote(proposalId, support);
    }

    function queue(Proposal memory p) internal {
        governor.queue(p.targets, p.values, p.calls, keccak256(bytes(p.description)));
    }

    function execute(Proposal memory p) internal {
        governor.execute(p.targets, p.values, p.calls, keccak256(bytes(p.description)));
    }

    /// @dev One voter carries it through.
    function pass(address voter, Proposal memory p) internal {
        uint256 proposalId = propose(voter, p);
        skip(VOTING_DELAY + 1);
        vote(voter, proposalId, 1);
        skip(VOTING_PERIOD);
        queue(p);
        skip(TIMELOCK_DELAY);
        execute(p);
    }

    function ballotSignature(string memory voter, uint256 proposalId, uint8 support, uint256 nonce)
        internal
        view
        returns (bytes memory)
    {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"),
                proposalId,
                support,
                account(voter),
                nonce
            )
        );
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("DataGovernor"),
                keccak256("1"),
                block.chainid,
                address(governor)
            )
        );
        return signature(keyOf(voter), keccak256(abi.encodePacked(hex"1901", domain, structHash)));
    }
}
