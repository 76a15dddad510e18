// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContributionRegistry} from "../../src/interfaces/IContributionRegistry.sol";
import {CreatedDao} from "./CreatedDao.sol";
import {MerkleTree} from "./MerkleTree.sol";

/// @dev Batches as validators sign them, hashed here from docs/protocol.md and not by the contracts' own library.
abstract contract SignedBatches is CreatedDao {
    mapping(uint256 batchId => IContributionRegistry.Leaf[]) private _leaves;
    address[] private _earners;
    mapping(address account => uint256) internal cumulativePoints;

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
}
