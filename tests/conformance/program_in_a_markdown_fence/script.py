```python
print(1)
```

This prints 1.
