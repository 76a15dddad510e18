// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessMarket} from "./interfaces/IAccessMarket.sol";
import {IContributionRegistry} from "./interfaces/IContributionRegistry.sol";

/// @title The digests of docs/protocol.md §1 to §3; `tests/testdata/protocol-vectors.json` holds values of each.
library ProtocolHash {
    bytes32 internal constant BATCH_TYPEHASH = keccak256(
        "Batch(uint256 batchId,bytes32 previous,bytes32 root,uint32 count,uint256 points,bytes32 rewardRoot,uint256 rewardPoints)"
    );
    bytes32 internal constant WITHDRAWAL_TYPEHASH =
        keccak256("Withdrawal(uint256 batchId,uint32 index,bytes32 leaf,uint64 deadline)");

    /// @dev Hashed twice, so that no inner node of a tree can be presented as a leaf.
    function leaf(IContributionRegistry.Leaf calldata contribution) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(contribution))));
    }

    function rewardLeaf(address account, uint256 cumulativePoints) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, cumulativePoints))));
    }

    /// @dev EIP-712 hashStruct; every member is static, so encodeData is their plain ABI encoding.
    function batch(IContributionRegistry.Batch calldata value) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH_TYPEHASH, value));
    }

    /// @dev EIP-712 hashStruct.
    function withdrawal(uint256 batchId, uint32 index, bytes32 leafHash, uint64 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(WITHDRAWAL_TYPEHASH, batchId, index, leafHash, deadline));
    }

    function terms(IAccessMarket.Terms calldata value) internal pure returns (bytes32) {
        return keccak256(abi.encode(value));
    }
}
