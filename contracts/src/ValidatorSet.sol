// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IContributionRegistry} from "./interfaces/IContributionRegistry.sol";
import {TimelockOwned} from "./TimelockOwned.sol";

/// @title The validators of a dataset, of whom k must have signed.
/// @dev Only the timelock changes them; whatever they signed before and was committed does not depend on them any more.
abstract contract ValidatorSet is IContributionRegistry, TimelockOwned {
    /// @dev Bounds the loops of `setValidators`.
    uint256 private constant MAX_VALIDATORS = 64;

    /// @inheritdoc IContributionRegistry
    uint256 public threshold;
    address[] private _validators;
    /// @inheritdoc IContributionRegistry
    mapping(address account => bool) public isValidator;

    constructor(address timelock_, address[] memory validators_, uint256 threshold_) TimelockOwned(timelock_) {
        _setValidators(validators_, threshold_);
    }

    /// @inheritdoc IContributionRegistry
    function setValidators(address[] calldata validators_, uint256 threshold_) external onlyTimelock {
        _setValidators(validators_, threshold_);
    }

    /// @inheritdoc IContributionRegistry
    function validators() external view returns (address[] memory) {
        return _validators;
    }

    function _requireValidators(bytes32 digest, bytes[] calldata signatures) internal view {
        uint256 needed = threshold;
        require(signatures.length >= needed, ContributionRegistryTooFewSignatures(signatures.length, needed));
        address before = address(0);
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = ECDSA.recoverCalldata(digest, signatures[i]);
            require(signer > before, ContributionRegistrySignersNotAscending(signer, before));
            require(isValidator[signer], ContributionRegistryNotValidator(signer));
            before = signer;
        }
    }

    function _setValidators(address[] memory validators_, uint256 threshold_) private {
        require(
            threshold_ > 0 && threshold_ <= validators_.length && validators_.length <= MAX_VALIDATORS,
            ContributionRegistryInvalidThreshold(threshold_, validators_.length)
        );
        for (uint256 i = 0; i < _validators.length; ++i) {
            isValidator[_validators[i]] = false;
        }
        for (uint256 i = 0; i < validators_.length; ++i) {
            address validator = validators_[i];
            require(validator != address(0) && !isValidator[validator], ContributionRegistryInvalidValidator(validator));
            isValidator[validator] = true;
        }
        _validators = validators_;
        threshold = threshold_;
        emit ValidatorsChanged(validators_, threshold_);
    }
}
