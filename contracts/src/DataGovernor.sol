// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

/// @title The members' vote.
/// @dev OpenZeppelin's Governor with simple counting, signature votes, a timelock and late-quorum protection. Two things are ours: the proposal
/// threshold is a part of the supply, and the quorum has a floor in tokens, so that the first few members of a small DAO cannot rule it alone.
/// Every setting changes by vote only.
contract DataGovernor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl,
    GovernorPreventLateQuorum
{
    using Checkpoints for Checkpoints.Trace208;

    /// @notice The rules at creation; times in seconds.
    struct Rules {
        uint48 votingDelay;
        uint32 votingPeriod;
        uint48 lateQuorumExtension;
        uint16 proposalThresholdBps;
        uint8 quorumPercent;
        uint208 quorumFloor;
    }

    uint256 private constant BPS = 10_000;

    /// @dev A tenth of the supply; beyond that a vote could lock everyone out of proposing.
    uint256 private constant MAX_THRESHOLD_BPS = 1_000;

    /// @dev By time, so that a change does not move the quorum of votes under way.
    Checkpoints.Trace208 private _quorumFloors;

    /// @dev Set and read within one vote.
    bool private transient _mayReachQuorumLate;

    event QuorumFloorSet(uint256 oldQuorumFloor, uint256 newQuorumFloor);

    error DataGovernorThresholdTooHigh(uint256 proposalThresholdBps, uint256 maximum);

    constructor(IVotes token_, TimelockController timelock_, Rules memory rules)
        Governor("DataGovernor")
        GovernorSettings(rules.votingDelay, rules.votingPeriod, rules.proposalThresholdBps)
        GovernorVotes(token_)
        GovernorVotesQuorumFraction(rules.quorumPercent)
        GovernorTimelockControl(timelock_)
        GovernorPreventLateQuorum(rules.lateQuorumExtension)
    {
        _setQuorumFloor(rules.quorumFloor);
    }

    /// @notice Sets the least quorum in base units of the token, from now on.
    /// @dev Only by vote.
    function setQuorumFloor(uint208 newQuorumFloor) external onlyGovernance {
        _setQuorumFloor(newQuorumFloor);
    }

    /// @notice The least quorum, in base units of the token.
    function quorumFloor() external view returns (uint256) {
        return _quorumFloors.latest();
    }

    /// @notice The part of the supply that a proposer must have votes for; changed with `setProposalThreshold`.
    function proposalThresholdBps() external view returns (uint256) {
        return super.proposalThreshold();
    }

    /// @notice The votes that a proposer needs now: the threshold's part of the supply, and never nothing.
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        uint256 supply = token().getPastTotalSupply(clock() - 1);
        return Math.max(1, Math.mulDiv(supply, super.proposalThreshold(), BPS, Math.Rounding.Ceil));
    }

    /// @notice The votes for or abstaining that a proposal with this snapshot needs.
    function quorum(uint256 timepoint) public view override(Governor, GovernorVotesQuorumFraction) returns (uint256) {
        uint256 floor = _quorumFloors.upperLookupRecent(SafeCast.toUint48(timepoint));
        return Math.max(super.quorum(timepoint), floor);
    }

    /// @notice Seconds, as the token's clock, which this spares to ask.
    function clock() public view override(Governor, GovernorVotes) returns (uint48) {
        return Time.timestamp();
    }

    function proposalDeadline(uint256 proposalId)
        public
        view
        override(Governor, GovernorPreventLateQuorum)
        returns (uint256)
    {
        return super.proposalDeadline(proposalId);
    }

    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _setProposalThreshold(uint256 newThresholdBps) internal override {
        require(newThresholdBps <= MAX_THRESHOLD_BPS, DataGovernorThresholdTooHigh(newThresholdBps, MAX_THRESHOLD_BPS));
        super._setProposalThreshold(newThresholdBps);
    }

    function _setQuorumFloor(uint208 newQuorumFloor) private {
        emit QuorumFloorSet(_quorumFloors.latest(), newQuorumFloor);
        _quorumFloors.push(clock(), newQuorumFloor);
    }

    /// @dev A quorum reached in the first half of a vote, or with more than the extension left, extends nothing; so the tally is only looked at
    /// after that: before and after counting, because a quorum that stood already is not reached by this vote. It saves most votes a fifth
    /// of their gas.
    function _countVote(uint256 proposalId, address account, uint8 support, uint256 weight, bytes memory params)
        internal
        override(Governor, GovernorCountingSimple)
        returns (uint256)
    {
        uint256 deadline = Governor.proposalDeadline(proposalId);
        bool late = clock() > Math.average(proposalSnapshot(proposalId), deadline)
            && clock() + lateQuorumVoteExtension() > deadline;
        _mayReachQuorumLate = late && !_quorumReached(proposalId);
        return super._countVote(proposalId, account, support, weight, params);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        if (_mayReachQuorumLate) {
            super._tallyUpdated(proposalId);
        }
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
