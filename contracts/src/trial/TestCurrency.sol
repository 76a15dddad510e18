// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title A currency without any worth, for trials and demos.
/// @dev Anyone may mint any amount to anyone; never accept it as a price.
contract TestCurrency is ERC20, ERC20Permit {
    /// @notice The most that one call mints: 1,000,000 with six decimals.
    uint256 public constant MAX_MINT = 1_000_000e6;

    error TestCurrencyTooMuch(uint256 amount, uint256 maximum);

    constructor() ERC20("Worthless Test Currency", "TEST") ERC20Permit("Worthless Test Currency") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @notice Mints to any account for nothing.
    function mint(address account, uint256 amount) external {
        require(amount <= MAX_MINT, TestCurrencyTooMuch(amount, MAX_MINT));
        _mint(account, amount);
    }
}
