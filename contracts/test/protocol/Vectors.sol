// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessMarket} from "../../src/interfaces/IAccessMarket.sol";
import {IContributionRegistry} from "../../src/interfaces/IContributionRegistry.sol";
import {ProtocolHash} from "../../src/ProtocolHash.sol";
import {MerkleTree} from "../base/MerkleTree.sol";
import {Test} from "../base/Test.sol";

/// @dev The values of tests/testdata/protocol-vectors.json, which Solidity, C# and TypeScript must all reproduce. Leaves, batch, withdrawal and
/// terms are hashed by the contracts' own library; the messages that only travel off chain by their EIP-712 types as written here.
contract Vectors is Test {
    uint256 private constant CHAIN_ID = 31_337;
    address private constant CONTRIBUTION_REGISTRY = 0x00000000000000000000000000000000C0FFEE01;
    address private constant GUARDIAN_REGISTRY = 0x00000000000000000000000000000000C0ffee02;
    address private constant CURRENCY = 0x00000000000000000000000000000000C0FfEE03;
    bytes32 private constant SCHEMA = keccak256("reddit-export-v1");

    string private constant CONTRIBUTION_TYPE =
        "Contribution(address owner,bytes32 ciphertextDigest,uint64 size,bytes32 ephemeralShare,bytes32 schema,uint32 keyEpoch,uint64 deadline,bytes32 evidenceDigest)";
    string private constant VERDICT_TYPE =
        "Verdict(address owner,bytes32 ciphertextDigest,uint64 size,bytes32 ephemeralShare,bytes32 schema,uint32 keyEpoch,bool accepted,uint256 points,bytes32 nullifier,bytes32 reportDigest)";
    string private constant CEREMONY_TYPE = "CeremonyMessage(uint32 epoch,uint8 round,address from,bytes32 digest)";

    IContributionRegistry.Leaf[] private _leaves;

    function json() external returns (string memory) {
        for (uint32 i = 0; i < 5; ++i) {
            _leaves.push(_leaf(i));
        }
        string memory root = "protocol vectors";
        vm.serializeUint(root, "version", 1);
        vm.serializeUint(root, "chainId", CHAIN_ID);
        vm.serializeAddress(root, "contributionRegistry", CONTRIBUTION_REGISTRY);
        vm.serializeAddress(root, "guardianRegistry", GUARDIAN_REGISTRY);
        vm.serializeString(root, "schemaName", "reddit-export-v1");
        vm.serializeBytes32(root, "schema", SCHEMA);
        vm.serializeString(root, "keys", _keys());
        vm.serializeString(root, "domainSeparators", _domains());
        vm.serializeString(root, "leaves", _leavesJson());
        vm.serializeBytes32(root, "batchRoot", MerkleTree.root(_leafHashes()));
        vm.serializeString(root, "rewards", _rewardsJson());
        vm.serializeBytes32(root, "rewardRoot", MerkleTree.root(_rewardHashes()));
        vm.serializeString(root, "contribution", _contribution());
        vm.serializeString(root, "verdict", _verdict());
        vm.serializeString(root, "batch", _batch());
        vm.serializeString(root, "withdrawal", _withdrawal());
        vm.serializeString(root, "ceremonyMessage", _ceremonyMessage());
        return vm.serializeString(root, "terms", _terms());
    }

    // Library functions take calldata.

    function hashLeaf(IContributionRegistry.Leaf calldata leaf) external pure returns (bytes32) {
        return ProtocolHash.leaf(leaf);
    }

    function hashBatch(IContributionRegistry.Batch calldata batch) external pure returns (bytes32) {
        return ProtocolHash.batch(batch);
    }

    function hashTerms(IAccessMarket.Terms calldata terms) external pure returns (bytes32) {
        return ProtocolHash.terms(terms);
    }

    function _keys() private returns (string memory) {
        string[3] memory names = ["alice", "validator 1", "guardian 1"];
        string memory result;
        for (uint256 i = 0; i < names.length; ++i) {
            string memory one = string.concat("key ", names[i]);
            vm.serializeBytes32(one, "privateKey", bytes32(keyOf(names[i])));
            result = vm.serializeString("keys", names[i], vm.serializeAddress(one, "address", account(names[i])));
        }
        return result;
    }

    function _domains() private returns (string memory) {
        vm.serializeBytes32("domains", "contributionRegistry", _domain(CONTRIBUTION_REGISTRY));
        return vm.serializeBytes32("domains", "guardianRegistry", _domain(GUARDIAN_REGISTRY));
    }

    function _leavesJson() private returns (string[] memory list) {
        list = new string[](_leaves.length);
        bytes32[] memory hashes = _leafHashes();
        for (uint256 i = 0; i < list.length; ++i) {
            IContributionRegistry.Leaf memory leaf = _leaves[i];
            string memory key = string.concat("leaf ", vm.toString(i));
            vm.serializeUint(key, "index", leaf.index);
            vm.serializeAddress(key, "owner", leaf.owner);
            vm.serializeBytes32(key, "ciphertextDigest", leaf.ciphertextDigest);
            vm.serializeUint(key, "size", leaf.size);
            vm.serializeBytes32(key, "ephemeralShare", leaf.ephemeralShare);
            vm.serializeBytes32(key, "schema", leaf.schema);
            vm.serializeUint(key, "keyEpoch", leaf.keyEpoch);
            vm.serializeString(key, "points", vm.toString(leaf.points));
            vm.serializeBytes32(key, "nullifier", leaf.nullifier);
            vm.serializeBytes32(key, "hash", hashes[i]);
            list[i] = vm.serializeBytes32(key, "proof", MerkleTree.proof(hashes, i));
        }
    }

    function _rewardsJson() private returns (string[] memory list) {
        bytes32[] memory hashes = _rewardHashes();
        list = new string[](hashes.length);
        for (uint256 i = 0; i < list.length; ++i) {
            string memory key = string.concat("reward ", vm.toString(i));
            vm.serializeAddress(key, "account", _earner(i));
            vm.serializeString(key, "cumulativePoints", vm.toString(_earned(i)));
            vm.serializeBytes32(key, "hash", hashes[i]);
            list[i] = vm.serializeBytes32(key, "proof", MerkleTree.proof(hashes, i));
        }
    }

    function _contribution() private returns (string memory) {
        IContributionRegistry.Leaf memory leaf = _leaves[0];
        string memory key = "contribution";
        _serializeSubject(key, leaf);
        vm.serializeUint(key, "deadline", 1_800_000_000);
        vm.serializeBytes32(key, "evidenceDigest", sha256("evidence"));
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(bytes(CONTRIBUTION_TYPE)),
                leaf.owner,
                leaf.ciphertextDigest,
                leaf.size,
                leaf.ephemeralShare,
                leaf.schema,
                leaf.keyEpoch,
                uint64(1_800_000_000),
                sha256("evidence")
            )
        );
        return _serializeSigned(key, structHash, CONTRIBUTION_REGISTRY, "alice");
    }

    function _verdict() private returns (string memory) {
        IContributionRegistry.Leaf memory leaf = _leaves[0];
        string memory key = "verdict";
        bytes32 report = sha256("{}");
        _serializeSubject(key, leaf);
        vm.serializeBool(key, "accepted", true);
        vm.serializeString(key, "points", vm.toString(leaf.points));
        vm.serializeBytes32(key, "nullifier", leaf.nullifier);
        vm.serializeBytes32(key, "reportDigest", report);
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(bytes(VERDICT_TYPE)),
                leaf.owner,
                leaf.ciphertextDigest,
                leaf.size,
                leaf.ephemeralShare,
                leaf.schema,
                leaf.keyEpoch,
                true,
                leaf.points,
                leaf.nullifier,
                report
            )
        );
        return _serializeSigned(key, structHash, CONTRIBUTION_REGISTRY, "validator 1");
    }

    function _batch() private returns (string memory) {
        uint256 points = 0;
        for (uint256 i = 0; i < _leaves.length; ++i) {
            points += _leaves[i].points;
        }
        IContributionRegistry.Batch memory batch = IContributionRegistry.Batch({
            batchId: 7,
            previous: keccak256("the batch before"),
            root: MerkleTree.root(_leafHashes()),
            count: uint32(_leaves.length),
            points: points,
            rewardRoot: MerkleTree.root(_rewardHashes()),
            rewardPoints: 123_456_789_012_345_678
        });
        string memory key = "batch";
        vm.serializeUint(key, "batchId", batch.batchId);
        vm.serializeBytes32(key, "previous", batch.previous);
        vm.serializeBytes32(key, "root", batch.root);
        vm.serializeUint(key, "count", batch.count);
        vm.serializeString(key, "points", vm.toString(batch.points));
        vm.serializeBytes32(key, "rewardRoot", batch.rewardRoot);
        vm.serializeString(key, "rewardPoints", vm.toString(batch.rewardPoints));
        return _serializeSigned(key, this.hashBatch(batch), CONTRIBUTION_REGISTRY, "validator 1");
    }

    function _withdrawal() private returns (string memory) {
        bytes32 leaf = _leafHashes()[0];
        string memory key = "withdrawal";
        vm.serializeUint(key, "batchId", 7);
        vm.serializeUint(key, "index", 0);
        vm.serializeBytes32(key, "leaf", leaf);
        vm.serializeUint(key, "deadline", 1_800_000_000);
        vm.serializeBytes32(key, "evidenceDigest", sha256("evidence"));
        bytes32 structHash = ProtocolHash.withdrawal(7, 0, leaf, 1_800_000_000);
        return _serializeSigned(key, structHash, CONTRIBUTION_REGISTRY, "alice");
    }

    function _ceremonyMessage() private returns (string memory) {
        string memory key = "ceremonyMessage";
        address from = account("guardian 1");
        bytes32 digest = sha256("a ceremony message");
        vm.serializeUint(key, "epoch", 1);
        vm.serializeUint(key, "round", 2);
        vm.serializeAddress(key, "from", from);
        vm.serializeBytes32(key, "digest", digest);
        bytes32 structHash = keccak256(abi.encode(keccak256(bytes(CEREMONY_TYPE)), uint32(1), uint8(2), from, digest));
        return _serializeSigned(key, structHash, GUARDIAN_REGISTRY, "guardian 1");
    }

    function _terms() private returns (string memory) {
        IAccessMarket.Terms memory terms = IAccessMarket.Terms({
            mode: IAccessMarket.Mode.Job,
            pricing: IAccessMarket.Pricing.Rent,
            renewals: 3,
            runs: 1_000,
            duration: 30 days,
            scope: 8,
            currency: CURRENCY,
            price: 12_345_678_901_234_567_890,
            recipient: sha256("recipient"),
            purposeDigest: sha256("purpose"),
            jobDigest: sha256("job"),
            outputPolicyDigest: sha256("output policy")
        });
        string memory key = "terms";
        vm.serializeUint(key, "mode", uint8(terms.mode));
        vm.serializeUint(key, "pricing", uint8(terms.pricing));
        vm.serializeUint(key, "renewals", terms.renewals);
        vm.serializeUint(key, "runs", terms.runs);
        vm.serializeUint(key, "duration", terms.duration);
        vm.serializeUint(key, "scope", terms.scope);
        vm.serializeAddress(key, "currency", terms.currency);
        vm.serializeString(key, "price", vm.toString(uint256(terms.price)));
        vm.serializeBytes32(key, "recipient", terms.recipient);
        vm.serializeBytes32(key, "purposeDigest", terms.purposeDigest);
        vm.serializeBytes32(key, "jobDigest", terms.jobDigest);
        vm.serializeBytes32(key, "outputPolicyDigest", terms.outputPolicyDigest);
        return vm.serializeBytes32(key, "hash", this.hashTerms(terms));
    }

    function _serializeSubject(string memory key, IContributionRegistry.Leaf memory leaf) private {
        vm.serializeAddress(key, "owner", leaf.owner);
        vm.serializeBytes32(key, "ciphertextDigest", leaf.ciphertextDigest);
        vm.serializeUint(key, "size", leaf.size);
        vm.serializeBytes32(key, "ephemeralShare", leaf.ephemeralShare);
        vm.serializeBytes32(key, "schema", leaf.schema);
        vm.serializeUint(key, "keyEpoch", leaf.keyEpoch);
    }

    function _serializeSigned(string memory key, bytes32 structHash, address verifyingContract, string memory signer)
        private
        returns (string memory)
    {
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _domain(verifyingContract), structHash));
        vm.serializeBytes32(key, "structHash", structHash);
        vm.serializeBytes32(key, "digest", digest);
        vm.serializeString(key, "signer", signer);
        return vm.serializeBytes(key, "signature", signature(keyOf(signer), digest));
    }

    function _domain(address verifyingContract) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Commonhold"),
                keccak256("1"),
                CHAIN_ID,
                verifyingContract
            )
        );
    }

    function _leaf(uint32 index) private pure returns (IContributionRegistry.Leaf memory) {
        string memory number = vm.toString(uint256(index));
        return IContributionRegistry.Leaf({
            index: index,
            owner: index == 0 ? account("alice") : account(string.concat("owner ", number)),
            ciphertextDigest: sha256(bytes(string.concat("ciphertext ", number))),
            size: 1_048_576 + index,
            ephemeralShare: sha256(bytes(string.concat("share ", number))),
            schema: SCHEMA,
            keyEpoch: 1,
            points: uint256(index) * 1_234_567,
            nullifier: sha256(bytes(string.concat("nullifier ", number)))
        });
    }

    function _leafHashes() private view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](_leaves.length);
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = this.hashLeaf(_leaves[i]);
        }
    }

    function _rewardHashes() private pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](3);
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = ProtocolHash.rewardLeaf(_earner(i), _earned(i));
        }
    }

    /// @dev Ascending.
    function _earner(uint256 index) private pure returns (address) {
        return address(uint160((index + 1) * 0x001111111111111111111111111111111111111111));
    }

    function _earned(uint256 index) private pure returns (uint256) {
        return 10 ** (9 * (index + 1));
    }
}
