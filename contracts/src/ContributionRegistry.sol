// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IContributionRegistry} from "./interfaces/IContributionRegistry.sol";
import {IDataToken} from "./interfaces/IDataToken.sol";
import {ProtocolHash} from "./ProtocolHash.sol";
import {ValidatorSet} from "./ValidatorSet.sol";

/// @title The dataset's contributions and rewards; the guarantees stand in IContributionRegistry.
contract ContributionRegistry is ValidatorSet, EIP712 {
    using SafeCast for uint256;

    /// @inheritdoc IContributionRegistry
    uint256 public constant POINT = 1e12;

    /// @dev 281 million tokens. The total has 80 bits, so that not even four billion batches signed with stolen keys could use it up.
    uint256 private constant MAX_BATCH_POINTS = type(uint48).max;

    /// @inheritdoc IContributionRegistry
    address public immutable token;

    /// @inheritdoc IContributionRegistry
    bytes32 public head;
    /// @inheritdoc IContributionRegistry
    bytes32 public rewardRoot;

    /// @dev One slot: what a claim reads and writes.
    struct Minting {
        uint80 rewardPoints;
        uint64 mintedPoints;
        uint48 dailyLimit;
        uint48 mintedThatDay;
        // Compared for equality only, so that its wrap in 2149 does no harm.
        uint16 day;
    }

    Minting private _minting;
    /// @inheritdoc IContributionRegistry
    uint256 public batchCount;
    mapping(uint256 batchId => CommittedBatch) private _batches;
    mapping(uint256 batchId => mapping(uint256 word => uint256 bits)) private _withdrawn;
    /// @inheritdoc IContributionRegistry
    mapping(address account => uint256) public claimedPoints;
    /// @inheritdoc IContributionRegistry
    bytes32 public policyDigest;

    constructor(
        address timelock_,
        address token_,
        address[] memory validators_,
        uint256 threshold_,
        uint256 dailyLimit_,
        bytes32 policyDigest_
    ) ValidatorSet(timelock_, validators_, threshold_) EIP712("Commonhold", "1") {
        require(token_ != address(0), ContributionRegistryZeroAddress());
        token = token_;
        _setDailyLimit(dailyLimit_);
        _setPolicyDigest(policyDigest_);
    }

    /// @inheritdoc IContributionRegistry
    function commitBatch(Batch calldata batch, bytes[] calldata signatures) external {
        uint256 batches = batchCount;
        require(batch.batchId == batches, ContributionRegistryWrongBatchId(batch.batchId, batches));
        require(batch.previous == head, ContributionRegistryWrongPrevious(batch.previous, head));
        require(batch.root != 0 && batch.count > 0, ContributionRegistryEmptyBatch(batch.root, batch.count));
        require(batch.rewardRoot != 0, ContributionRegistryEmptyRewardRoot());
        require(batch.points <= MAX_BATCH_POINTS, ContributionRegistryPointsTooLarge(batch.points, MAX_BATCH_POINTS));
        uint256 sum = _minting.rewardPoints + batch.points;
        require(batch.rewardPoints == sum, ContributionRegistryWrongRewardPoints(batch.rewardPoints, sum));
        bytes32 structHash = ProtocolHash.batch(batch);
        _requireValidators(_hashTypedDataV4(structHash), signatures);

        _batches[batch.batchId] = CommittedBatch({
            root: batch.root, count: batch.count, committedAt: uint64(block.timestamp), points: uint64(batch.points)
        });
        head = structHash;
        rewardRoot = batch.rewardRoot;
        batchCount = batches + 1;
        _minting.rewardPoints = sum.toUint80();
        emit BatchCommitted(
            batch.batchId, batch.root, structHash, batch.count, batch.points, batch.rewardRoot, batch.rewardPoints
        );
    }

    /// @inheritdoc IContributionRegistry
    function claim(uint256 cumulativePoints, bytes32[] calldata proof) external returns (uint256 points) {
        return _claimOrRevert(msg.sender, cumulativePoints, proof);
    }

    /// @inheritdoc IContributionRegistry
    function claimFor(address account, uint256 cumulativePoints, bytes32[] calldata proof)
        external
        returns (uint256 points)
    {
        return _claimOrRevert(account, cumulativePoints, proof);
    }

    /// @inheritdoc IContributionRegistry
    function claimMany(Claim[] calldata claims) external returns (uint256 points) {
        for (uint256 i = 0; i < claims.length; ++i) {
            points += _claim(claims[i].account, claims[i].cumulativePoints, claims[i].proof);
        }
    }

    /// @inheritdoc IContributionRegistry
    function withdraw(uint256 batchId, Leaf calldata leaf, bytes32[] calldata proof) external {
        require(msg.sender == leaf.owner, ContributionRegistryNotOwner(msg.sender, leaf.owner));
        _withdraw(batchId, leaf, ProtocolHash.leaf(leaf), proof);
    }

    /// @inheritdoc IContributionRegistry
    function withdrawFor(
        uint256 batchId,
        Leaf calldata leaf,
        bytes32[] calldata proof,
        uint64 deadline,
        bytes calldata signature
    ) external {
        require(block.timestamp <= deadline, ContributionRegistrySignatureExpired(deadline));
        bytes32 leafHash = ProtocolHash.leaf(leaf);
        bytes32 digest = _hashTypedDataV4(ProtocolHash.withdrawal(batchId, leaf.index, leafHash, deadline));
        require(
            SignatureChecker.isValidSignatureNowCalldata(leaf.owner, digest, signature),
            ContributionRegistryWrongSignature(leaf.owner)
        );
        _withdraw(batchId, leaf, leafHash, proof);
    }

    /// @inheritdoc IContributionRegistry
    function setDailyLimit(uint256 points) external onlyTimelock {
        _setDailyLimit(points);
    }

    /// @inheritdoc IContributionRegistry
    function setPolicyDigest(bytes32 policyDigest_) external onlyTimelock {
        _setPolicyDigest(policyDigest_);
    }

    /// @inheritdoc IContributionRegistry
    function batchAt(uint256 batchId) external view returns (CommittedBatch memory) {
        require(batchId < batchCount, ContributionRegistryUnknownBatch(batchId));
        return _batches[batchId];
    }

    /// @inheritdoc IContributionRegistry
    function rewardPoints() external view returns (uint256) {
        return _minting.rewardPoints;
    }

    /// @inheritdoc IContributionRegistry
    function mintedPoints() external view returns (uint256) {
        return _minting.mintedPoints;
    }

    /// @inheritdoc IContributionRegistry
    function dailyLimit() external view returns (uint256) {
        return _minting.dailyLimit;
    }

    /// @inheritdoc IContributionRegistry
    function mintableToday() external view returns (uint256) {
        return _mintableToday(_minting);
    }

    /// @inheritdoc IContributionRegistry
    function isWithdrawn(uint256 batchId, uint32 index) external view returns (bool) {
        return _withdrawn[batchId][index >> 8] & (1 << (index & 0xff)) != 0;
    }

    /// @inheritdoc IContributionRegistry
    function withdrawnWords(uint256 batchId, uint256 firstWord, uint256 count)
        external
        view
        returns (uint256[] memory words)
    {
        words = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            words[i] = _withdrawn[batchId][firstWord + i];
        }
    }

    function _claimOrRevert(address account, uint256 cumulativePoints, bytes32[] calldata proof)
        private
        returns (uint256 points)
    {
        points = _claim(account, cumulativePoints, proof);
        if (points == 0) {
            uint256 claimed = claimedPoints[account];
            require(cumulativePoints > claimed, ContributionRegistryNothingToClaim(account, claimed));
            revert ContributionRegistryDailyLimitReached(_minting.dailyLimit);
        }
    }

    /// @dev Mints what is due within today's limit; zero when nothing is due or the limit is reached.
    function _claim(address account, uint256 cumulativePoints, bytes32[] calldata proof)
        private
        returns (uint256 points)
    {
        require(
            MerkleProof.verifyCalldata(proof, rewardRoot, ProtocolHash.rewardLeaf(account, cumulativePoints)),
            ContributionRegistryWrongRewardProof(account, cumulativePoints)
        );
        uint256 claimed = claimedPoints[account];
        if (cumulativePoints <= claimed) {
            return 0;
        }
        Minting memory minting = _minting;
        uint256 mintable = _mintableToday(minting);
        points = Math.min(cumulativePoints - claimed, mintable);
        if (points == 0) {
            return 0;
        }
        uint256 minted = minting.mintedPoints + points;
        require(minted <= minting.rewardPoints, ContributionRegistryRewardsExceeded(minted, minting.rewardPoints));

        claimedPoints[account] = claimed + points;
        minting.mintedPoints = minted.toUint64();
        minting.mintedThatDay = uint48(minting.dailyLimit - mintable + points);
        minting.day = _today();
        _minting = minting;
        emit RewardClaimed(account, points, claimed + points);
        IDataToken(token).mint(account, points * POINT);
    }

    function _withdraw(uint256 batchId, Leaf calldata leaf, bytes32 leafHash, bytes32[] calldata proof) private {
        require(batchId < batchCount, ContributionRegistryUnknownBatch(batchId));
        require(
            MerkleProof.verifyCalldata(proof, _batches[batchId].root, leafHash),
            ContributionRegistryWrongProof(batchId, leafHash)
        );
        uint256 bit = 1 << (leaf.index & 0xff);
        uint256 bits = _withdrawn[batchId][leaf.index >> 8];
        require(bits & bit == 0, ContributionRegistryAlreadyWithdrawn(batchId, leaf.index));
        _withdrawn[batchId][leaf.index >> 8] = bits | bit;
        emit ContributionWithdrawn(batchId, leaf.index, leaf.owner, leaf.ciphertextDigest);
    }

    function _setDailyLimit(uint256 points) private {
        _minting.dailyLimit = points.toUint48();
        emit DailyLimitChanged(points);
    }

    function _setPolicyDigest(bytes32 policyDigest_) private {
        require(policyDigest_ != bytes32(0), ContributionRegistryZeroPolicy());
        policyDigest = policyDigest_;
        emit PolicyChanged(policyDigest_);
    }

    function _mintableToday(Minting memory minting) private view returns (uint256) {
        uint256 used = minting.day == _today() ? minting.mintedThatDay : 0;
        // A limit lowered during the day may lie below what was minted already.
        return Math.saturatingSub(minting.dailyLimit, used);
    }

    function _today() private view returns (uint16) {
        return uint16(block.timestamp / 1 days);
    }
}
