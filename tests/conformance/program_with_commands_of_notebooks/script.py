%load_ext autoreload
!pip install pandas
print(7 % 4)
